import type { Response } from "../../../mirror/ports";
import { header } from "../wire/message";

/** How much a host still grants, as it says itself (W141). */
export interface RateLimit {
  readonly remaining: number;
  /** of how many */
  readonly limit: number | undefined;
  /** until it grants more again */
  readonly resetMs: number | undefined;
  /** over which time it counts */
  readonly windowMs: number | undefined;
}

/** Reads Docker Hub's `ratelimit-remaining: 76;w=21600`, GitHub's `x-ratelimit-*` and the drafts of the IETF; what cannot be read says nothing. */
export function readRateLimit(
  response: Response,
  now: Date,
): RateLimit | undefined {
  return (
    fromField(response) ??
    fromNames(response, "ratelimit-", now) ??
    fromNames(response, "x-ratelimit-", now)
  );
}

function fromNames(
  response: Response,
  prefix: string,
  now: Date,
): RateLimit | undefined {
  const read = (name: string): Item | undefined =>
    itemsOf(header(response, prefix + name))[0];
  const left = read("remaining");
  const remaining = count(left?.head);
  if (remaining === undefined) return undefined;
  const all = read("limit");
  return {
    remaining,
    limit: count(all?.head),
    resetMs: untilReset(count(read("reset")?.head), now),
    windowMs: ms(left?.parameters.get("w") ?? all?.parameters.get("w")),
  };
}

const earliestDate = 1_000_000_000;

/** Seconds from now, or since 1970: whichever it can only be. */
function untilReset(
  seconds: number | undefined,
  now: Date,
): number | undefined {
  if (seconds === undefined || seconds < earliestDate) return ms(seconds);
  return Math.max(0, seconds * 1000 - now.getTime());
}

/** `"default";r=50;t=30` beside its policy `"default";q=100;w=60`, or an older draft's `limit=100, remaining=50, reset=30`. Of several the scarcest. */
function fromField(response: Response): RateLimit | undefined {
  const items = itemsOf(header(response, "ratelimit"));
  if (items.length === 0) return undefined;
  const policies = itemsOf(header(response, "ratelimit-policy"));
  const older = new Map(items.flatMap(({ parameters }) => [...parameters]));
  const found = items.map(({ head, parameters }) => {
    const policy = policies.find((one) => one.head === head)?.parameters;
    return limitOf({
      remaining: parameters.get("r"),
      limit: policy?.get("q"),
      reset: parameters.get("t"),
      window: policy?.get("w"),
    });
  });
  const whole = limitOf({
    remaining: older.get("remaining"),
    limit: older.get("limit"),
    reset: older.get("reset"),
    window: policies[0]?.parameters.get("w"),
  });
  return [...found, whole]
    .filter((one) => one !== undefined)
    .toSorted((one, other) => share(one) - share(other))[0];
}

function limitOf(
  said: Readonly<Record<"remaining" | "limit" | "reset" | "window", Said>>,
): RateLimit | undefined {
  const remaining = count(said.remaining);
  if (remaining === undefined) return undefined;
  return {
    remaining,
    limit: count(said.limit),
    resetMs: ms(said.reset),
    windowMs: ms(said.window),
  };
}

/** What is left of the whole; where the whole is not told, what is left. */
export function share({ remaining, limit }: RateLimit): number {
  return limit === undefined || limit === 0 ? remaining : remaining / limit;
}

/** One member of a list: what stands first, and its parameters; a bare `key=value` is a parameter of nothing. */
interface Item {
  readonly head: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const maxLength = 1024;

function itemsOf(text: Said): readonly Item[] {
  if (text === undefined || text.length > maxLength) return [];
  return text.split(",").map((member) => {
    const parts = member.split(";").map((part) => part.trim());
    const pairs = parts.map((part) => part.split("="));
    return {
      head: parts[0] ?? "",
      parameters: new Map(
        pairs.flatMap(([name, value]) =>
          name === undefined || value === undefined ? [] : [[name, value]],
        ),
      ),
    };
  });
}

type Said = string | undefined;

function count(text: Said): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text)
    ? Number(text)
    : undefined;
}

function ms(seconds: Said | number): number | undefined {
  const whole = typeof seconds === "string" ? count(seconds) : seconds;
  return whole === undefined ? undefined : whole * 1000;
}

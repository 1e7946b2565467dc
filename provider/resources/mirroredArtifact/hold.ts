import { hasUnknown, type Call, type Values } from "../../mirror/lifecycle";
import type { Cooling } from "../memory";
import {
  seenAgain,
  standingOf,
  waitingText,
  type Standing,
} from "../mirroring/age/standing";
import type { Candidate } from "../mirroring/age/candidateOutput";
import { minAgeInput, type MinAgeInput } from "../mirroring/age/minAgeInput";
import type { World } from "../world";
import { coolingKey } from "./cooling";

/** Check's part of a cooldown: the digest to be filled in, which is the mirrored one until what the source names now is old enough. */
export function hold(
  { memory }: World,
  call: Call,
  asked: {
    readonly olds: Values | undefined;
    readonly news: Values;
    readonly learned: string;
  },
): string {
  const { learned, news } = asked;
  const { source, destination = "", minAge } = news;
  const before = digestBefore(asked);
  if (minAge === undefined || before === undefined) return learned;
  const key = coolingKey(textOf(source), textOf(destination));
  const cooling = memory.cooling.get(key) ?? { admitted: before };
  const { admitted } = cooling;
  if (learned === admitted || hasUnknown(minAge)) return admitted;
  const wish = minAgeInput.parse(minAge);
  const now = call.reach.now();
  const { by } = wish;
  const seen = seenAgain(cooling.candidate, { digest: learned, by, now });
  const standing = standingOf(wish, seen, now);
  if (standing.outcome === "ripe") return learned;
  const why = whyNot(wish, { cooling, seen, standing });
  call.tell({
    kind: standing.outcome === "waits" ? "info" : "warning",
    text: `${textOf(source)} names ${learned} now, which is not taken yet: ${why}; what is mirrored stays at ${admitted}`,
  });
  return admitted;
}

/** What was filled in or pinned before for the same source. */
function digestBefore({
  olds,
  news,
}: {
  readonly olds: Values | undefined;
  readonly news: Values;
}): string | undefined {
  if (olds?.source !== news.source) return undefined;
  return typeof olds?.digest === "string" ? olds.digest : undefined;
}

function whyNot(
  minAge: MinAgeInput,
  {
    cooling,
    seen,
    standing,
  }: {
    readonly cooling: Cooling;
    readonly seen: Candidate;
    readonly standing: Exclude<Standing, { outcome: "ripe" }>;
  },
): string {
  const { by } = minAge;
  if (standing.outcome === "unknown")
    return `its age by ${by} is not known: ${cooling.why ?? "it was not looked at before this run"}`;
  const isUnsaved = by === "firstSeen" && cooling.isNew !== false;
  const more = isUnsaved ? "; only up and refresh remember that" : "";
  return `${waitingText(minAge, seen, standing.until)}${more}`;
}

const textOf = (value: Values[string]) =>
  typeof value === "string" ? value : "";

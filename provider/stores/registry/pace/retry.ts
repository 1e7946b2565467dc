import type { Notice, Response, Send } from "../../../mirror/ports";
import type { Clock } from "./clock";
import { spoken } from "./duration";
import { readRateLimit } from "./rateLimit";
import { header, isReplayable } from "../wire/message";
import { codeOf } from "../wire/noAnswer";
import { NoAnswer, stopped } from "../wire/wireError";

/** How long and how often to insist. */
export interface Patience {
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** the longest `Retry-After` that is waited for */
  readonly maxRetryAfterMs: number;
}

/** The rule of W140 and W144. */
export const patient: Patience = {
  tries: 6,
  firstWaitMs: 500,
  maxWaitMs: 30_000,
  maxRetryAfterMs: 120_000,
};

const statuses = new Set([408, 425, 429, 499, 500, 502, 503, 504, 522]);

/** Whether a status is worth another try of the same thing (W144). */
export function isTransient(status: number): boolean {
  return statuses.has(status);
}

/** What insisting needs: time, chance, and how much of it; and who hears that we wait. */
export interface Retrying {
  readonly clock: Clock;
  readonly patience: Patience;
  now(): Date;
  notice?(notice: Notice): void;
}

/** shorter waits are not worth a word */
const worthSayingMs = 1000;

/** Sends again what failed for a reason that may pass. The last answer, or the last error, is the caller's. */
export function retrying(next: Send, options: Retrying): Send {
  return async (request, signal) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next, request, signal);
      const waitMs = isReplayable(request)
        ? pauseAfter(outcome, attempt, options)
        : undefined;
      if (waitMs === undefined) {
        if ("error" in outcome) throw outcome.error;
        return outcome.response;
      }
      if ("response" in outcome) await outcome.response.discard();
      if (waitMs >= worthSayingMs)
        options.notice?.({
          kind: "waiting",
          text: `waiting ${spoken(waitMs)} for ${request.url.host} (${inShort(outcome)}, try ${attempt} of ${options.patience.tries})`,
        });
      await pause(waitMs, signal, options.clock);
    }
  };
}

type Outcome = { readonly response: Response } | { readonly error: unknown };

function inShort(outcome: Outcome): string {
  if ("response" in outcome) return `HTTP ${outcome.response.status}`;
  const { error } = outcome;
  return (error instanceof NoAnswer && codeOf(error.cause)) || "no answer";
}

async function attemptOnce(
  next: Send,
  ...[request, signal]: Parameters<Send>
): Promise<Outcome> {
  try {
    return { response: await next(request, signal) };
  } catch (error) {
    return { error };
  }
}

/** Waits, and says in our words that the wait was cut short. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  try {
    await clock.wait(ms, signal);
  } catch (error) {
    throw signal.aborted
      ? stopped(signal, { what: "could not wait", where: {} })
      : error;
  }
}

/** How long to wait before the next try; `undefined` where there is none. */
function pauseAfter(
  outcome: Outcome,
  attempt: number,
  options: Retrying,
): number | undefined {
  const { patience } = options;
  if (attempt >= patience.tries) return undefined;
  if ("error" in outcome) {
    if (!isPassing(outcome.error, attempt)) return undefined;
    return backOff(attempt, options);
  }
  const { response } = outcome;
  if (!isTransient(response.status)) return undefined;
  const asked = askedMs(response, options.now());
  const leastMs = asked ?? spentForMs(response, options.now());
  if (leastMs > patience.maxRetryAfterMs) return undefined; // F08
  return asked === undefined
    ? backOff(attempt, options)
    : asked + jitterMs(options.clock);
}

const maxJitterMs = 250;

/** A little, so that not all who wait come back at once. */
export function jitterMs(clock: Clock): number {
  return Math.floor(clock.random() * maxJitterMs);
}

/** How long a refusal asks to be left alone: by `Retry-After`, else by the reset of a limit that is used up. */
export function askedMs(response: Response, now: Date): number | undefined {
  const left =
    response.status === 429 ? readRateLimit(response, now) : undefined;
  return (
    retryAfterMs(header(response, "retry-after"), now) ??
    (left?.remaining === 0 ? left.resetMs : undefined)
  );
}

/** Docker Hub tells no reset, only that nothing is left of so many hours. */
function spentForMs(response: Response, now: Date): number {
  const left =
    response.status === 429 ? readRateLimit(response, now) : undefined;
  return left?.remaining === 0 ? (left.windowMs ?? 0) : 0;
}

/** Whether an error may pass by itself; a name that does not resolve gets one more chance only. */
export function isPassing(error: unknown, attempt: number): boolean {
  if (!(error instanceof NoAnswer) || !error.reason.retryable) return false;
  return codeOf(error.cause) !== "ENOTFOUND" || attempt < 2;
}

/** Exponential with full jitter. */
export function backOff(
  attempt: number,
  { clock, patience }: Pick<Retrying, "clock" | "patience">,
): number {
  const ceiling = Math.min(
    patience.maxWaitMs,
    patience.firstWaitMs * 2 ** (attempt - 1),
  );
  return Math.floor(ceiling * clock.random());
}

/** Milliseconds to wait by a `Retry-After` in seconds or as a date; garbage counts as none, the past as now. */
export function retryAfterMs(
  text: string | undefined,
  now: Date,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const date = /GMT\s*$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

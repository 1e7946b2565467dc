import type { Response, Send } from "../../../mirror/ports";
import type { Clock } from "./clock";
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

/** What insisting needs: time, chance, and how much of it. */
export interface Retrying {
  readonly clock: Clock;
  readonly patience: Patience;
  now(): Date;
}

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
      await pause(waitMs, signal, options.clock);
    }
  };
}

type Outcome = { readonly response: Response } | { readonly error: unknown };

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
  const asked = retryAfterMs(header(response, "retry-after"), options.now());
  if (asked === undefined) return backOff(attempt, options);
  return asked <= patience.maxRetryAfterMs
    ? asked + Math.floor(options.clock.random() * 250)
    : undefined;
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

import type { ProvenTime } from "../../../mirror/ports";
import { Refusal } from "../../refusal";

/** When a key counts. */
export interface KeyTime {
  readonly from?: Date;
  readonly until?: Date;
}

/**
 * Refuses a signature from outside of its key's time (T9, CVE-2026-54787): every proven moment must lie within, or now
 * where none is proven. Answers until when the latter holds.
 */
export function requireKeyInTime(
  { from, until }: KeyTime,
  proven: readonly ProvenTime[],
  now: Date,
): Date | undefined {
  const isProven = proven.length > 0;
  const moments = isProven ? proven.map(({ time }) => time) : [now];
  for (const moment of moments) {
    const when = isProven
      ? `the time of signing, ${moment.toISOString()},`
      : "the time of signing is not proven, and now";
    if (from && moment < from) {
      throw new Refusal(
        "KEY_EXPIRED",
        `${when} is before the key's validFrom, ${from.toISOString()}`,
      );
    }
    if (until && moment > until) {
      throw new Refusal(
        "KEY_EXPIRED",
        `${when} is after the key's validUntil, ${until.toISOString()}`,
      );
    }
  }
  return isProven ? undefined : until;
}

import { z } from "zod";
import { durationMs } from "../../mirror/duration";
import type { Authenticated, Looked } from "../../mirror/ports";

/** The word `maxAge`. */
export const maxAgeSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,5}[mhd]$/, "write a number and m, h or d: `7d`")
  .optional()
  .describe(
    "How old it may be (`7d`), by the earliest time that a log or a timestamp proves; what nothing proves the time of is too old. What its maker writes about the time does not count.",
  );

/** When it was there at the latest: the earliest time that somebody proves. */
export function provenTime({ times }: Authenticated): Date | undefined {
  const earliest = times
    .map(({ time }) => time.getTime())
    .reduce((one, other) => Math.min(one, other), Infinity);
  return Number.isFinite(earliest) ? new Date(earliest) : undefined;
}

/** Why nobody can say how old it is. */
export const timeUnproven: Pick<Looked, "code" | "reason"> = {
  code: "TIME_UNPROVEN",
  reason: "neither a log nor a timestamp proves when it was made",
};

/** How long an attestation stays young enough, or why it is not. */
export function aged(
  piece: Authenticated,
  { maxAge, now }: { readonly maxAge: string; readonly now: Date },
): Authenticated | Pick<Looked, "code" | "reason"> {
  const time = provenTime(piece);
  if (!time) return timeUnproven;
  const ends = new Date(time.getTime() + durationMs(maxAge));
  if (now > ends) {
    const made = time.toISOString();
    return {
      code: "TOO_OLD",
      reason: `proven to be of ${made}, and maxAge is ${maxAge}`,
    };
  }
  const { validUntil = ends } = piece;
  return { ...piece, validUntil: validUntil < ends ? validUntil : ends };
}

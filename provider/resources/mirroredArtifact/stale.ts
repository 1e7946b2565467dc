import type { Values } from "../../mirror/lifecycle";
import type { Outputs } from "./outputs";

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Why a verdict has to be made again because time has passed, if it has. */
export function staleReason(
  { verification }: Outputs,
  inputs: Values,
  now: Date,
): string | undefined {
  if (!verification) return undefined;
  const { validUntil, verifiedAt } = verification;
  if (validUntil !== undefined && now >= new Date(validUntil))
    return `what satisfied the policy was valid until ${validUntil}`;
  const { reverify } = inputs;
  if (typeof reverify !== "string") return undefined;
  const ageMs = now.getTime() - new Date(verifiedAt).getTime();
  return ageMs > durationMs(reverify)
    ? `judged ${verifiedAt}, and reverify is ${reverify}`
    : undefined;
}

/** `24h` in milliseconds; the shape of the input was checked. */
function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0);
}

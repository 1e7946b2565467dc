import { durationMs } from "../../mirror/duration";
import type { Values } from "../../mirror/lifecycle";
import type { Outputs } from "./outputs";

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

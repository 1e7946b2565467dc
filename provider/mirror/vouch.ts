import type { Authenticated } from "./ports";

/** Makes the brand that requirements rely on. Only `verifiers/authorities/` may import this file (`make check` proves it). */
export function vouch(
  proven: Omit<Authenticated, symbol | "outcome">,
): Authenticated {
  return { outcome: "authenticated", ...proven } as Authenticated;
}

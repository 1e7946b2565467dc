import { z } from "zod";
import type { Problem } from "../../problem";
import { refuse } from "../../refuse";

/** A name that a certificate must have, whole. */
export const name = z.string().min(1, 'must not be empty: there is no "any"');

/** One name of the signer, whole or by a pattern. */
export interface IdentitySettings {
  readonly identity?: string | undefined;
  readonly identityPattern?: string | undefined;
}

/** Refuses a name that is given whole and by a pattern. */
export function refuseTwice(
  { identity, identityPattern }: IdentitySettings,
  refinement: z.core.$RefinementCtx,
): void {
  if (identity === undefined || identityPattern === undefined) return;
  refuse(refinement, {
    path: ["identityPattern"],
    message: "excludes identity: keep one of them",
  });
}

/** What is wrong with the pattern, if there is one. */
export async function patternProblems({
  identityPattern,
}: IdentitySettings): Promise<readonly Problem[]> {
  if (identityPattern === undefined) return [];
  const { problemOfPattern } = await import("./wantedIdentity.ts");
  const reason = problemOfPattern(identityPattern);
  return reason === undefined ? [] : [{ path: ["identityPattern"], reason }];
}

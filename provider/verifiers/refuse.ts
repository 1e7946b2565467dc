import type { z } from "zod";

/** What a refinement has found wrong; `path` begins at what it refines. */
export interface Fault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** Adds an issue that stops the checks of what is around: they may rely on sound parts. */
export function refuse(
  refinement: z.core.$RefinementCtx,
  { message, path = [] }: Fault,
): void {
  refinement.addIssue({
    code: "custom",
    message,
    path: [...path],
    continue: false,
  });
}

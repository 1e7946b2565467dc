import type { z } from "zod";

/** What a refinement has found wrong; `path` begins at what it refines. */
interface Finding {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** Adds an issue that stops the checks of what is around: they may rely on sound parts. */
export function refuse(
  refinement: z.core.$RefinementCtx,
  { message, path = [] }: Finding,
): void {
  refinement.addIssue({
    code: "custom",
    message,
    path: [...path],
    continue: false,
  });
}

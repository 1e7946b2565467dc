import { getArtifact } from "./getArtifact";
import type { FunctionKind } from "./kind";
import { verifyArtifact } from "./verifyArtifact";

/** Everything a user may ask. */
export const functions: readonly FunctionKind[] = [getArtifact, verifyArtifact];

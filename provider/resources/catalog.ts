import type { ResourceKind } from "./kind";
import { mirroredArtifact } from "./mirroredArtifact";

/** Everything a user may declare. */
export const resources: readonly ResourceKind[] = [mirroredArtifact];

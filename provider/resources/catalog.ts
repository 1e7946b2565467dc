import type { ResourceKind } from "./kind";
import { mirroredArtifact } from "./mirroredArtifact";
import { mirroredRepository } from "./mirroredRepository";

/** Everything a user may declare. */
export const resources: readonly ResourceKind[] = [
  mirroredArtifact,
  mirroredRepository,
];

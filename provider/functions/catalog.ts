import { getArtifact } from "./getArtifact";
import { getCatalog } from "./getCatalog";
import { getEstate } from "./getEstate";
import { getReferrers } from "./getReferrers";
import { getTags } from "./getTags";
import type { FunctionKind } from "./kind";
import { verifyArtifact } from "./verifyArtifact";

/** Everything a user may ask. */
export const functions: readonly FunctionKind[] = [
  getArtifact,
  getCatalog,
  getEstate,
  getReferrers,
  getTags,
  verifyArtifact,
];

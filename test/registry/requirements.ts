import { contentRequirements } from "./contentRequirements";
import { listingRequirements } from "./listingRequirements";
import type { SpecRequirement } from "./requirement";
import { uploadRequirements } from "./uploadRequirements";

/** What the distribution spec, and our reading of it, asks of a registry. */
export const requirements: readonly SpecRequirement[] = [
  ...contentRequirements,
  ...uploadRequirements,
  ...listingRequirements,
];

import type { Speaker } from "./speaker";

/** What not every registry has. */
export type Feature = "referrers" | "singlePost" | "sha512" | "deletes";

/** One sentence that must hold for a registry, proven over plain HTTP. */
export interface SpecRequirement {
  /** the row of our wire-protocol checklist, or the end point of the spec */
  readonly rule: string;
  readonly sentence: string;
  readonly needs?: Feature;
  /** Throws where it does not hold. The repository is empty. */
  readonly prove: (registry: Speaker) => Promise<void>;
}

import type { PeerTool } from "../../peers/tools";
import type { Offer } from "./offers";
import type { BenchWay, Trust } from "./registries";

/** What is run, by every tool in its own words. */
export interface Course {
  readonly name: string;
  /** what has to be at the destination afterwards */
  readonly offers: readonly Offer[];
  /** what was brought before, by the same tool, unmeasured */
  readonly before: readonly Offer[];
  /** whether `offers` is all that a repository has, so that a tool may bring it as a whole */
  readonly isWholeRepository: boolean;
  readonly withEvidence: boolean;
}

/** Where and how it is run. */
export interface Track {
  readonly way: BenchWay;
  readonly sourceHost: string;
  readonly destinationHost: string;
  readonly trust: Trust;
  /** for files of the tools */
  readonly folder: string;
  readonly timeoutMs: number;
}

/** What one run cost; `failed` says why there is none. */
export interface Result {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  readonly failed?: string;
}

/** Somebody who runs courses. */
export interface Contestant {
  readonly name: string;
  readonly tool?: PeerTool;
  /** Whether the course says something about it. */
  enters(course: Course): boolean;
  /** Brings what was there before, and answers the run itself. */
  prepare(course: Course, track: Track): Promise<() => Promise<Result>>;
}

import type { TagsInput } from "./tagsInput";
import type { Version } from "./version";

/** Why something is dropped, as a user reads it after the tag's name; undefined: it is not. */
export type Why = string | undefined;

/** A rule about each tag or version by itself. Absent where the user did not ask for it. */
export interface Filter<Of> {
  /** the word in `getTags` and in the state's counts */
  readonly name: string;
  readonly prepare: (tags: TagsInput) => ((one: Of) => Why) | undefined;
}

/** Versions in ascending order, cut: those before `keptFrom` are dropped. */
export interface Cut {
  readonly keptFrom: number;
  readonly why: (dropped: Version) => string;
}

/** A rule about all versions together, and what of the same kind the destination has. */
export interface CutRule {
  readonly name: string;
  readonly prepare: (
    tags: TagsInput,
  ) =>
    | ((ascending: readonly Version[], destination: readonly Version[]) => Cut)
    | undefined;
}

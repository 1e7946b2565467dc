/** Something wrong with an estate, at a place in its file. */
export interface Problem {
  /** from the file's root to the word that is wrong */
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  /** where what it contradicts stands */
  readonly other?: readonly PropertyKey[];
  /** the entry for which it is wrong, where it stands elsewhere: in a group, in the defaults */
  readonly entry?: string;
}

/** The same, where a reader finds it; both count from 1. */
export interface LocatedProblem {
  readonly path: readonly PropertyKey[];
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** Something wrong with what a user wrote. `path` begins at what was looked at: one authority's settings, or the whole policy. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

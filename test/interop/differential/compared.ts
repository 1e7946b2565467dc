/** One combination of evidence and policy, judged twice. */
export interface Compared {
  /** which combination it is, ready to be found again */
  readonly name: string;
  /** what it is made of: `level:audit` */
  readonly traits: readonly string[];
  readonly theirs: Side;
  readonly ours: Side;
}

/** One verdict. */
export interface Side {
  readonly admits: boolean;
  /** what both must agree on where both admit */
  readonly notes?: readonly string[];
  /** why, for whoever reads a difference */
  readonly why: string;
}

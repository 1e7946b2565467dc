/** A build in a forge, as the forge's word in a policy says it; `*` in a ref is anything without a slash, `**` anything. */
export interface Build {
  /** the word in the catalog */
  readonly word: string;
  /** who issues the forge's tokens */
  readonly issuer: string;
  /** the URI of what was built */
  readonly source: string;
  /** the ref that was built; any where it is absent */
  readonly ref: string | undefined;
  readonly config: BuildConfig;
}

/** The workflow or pipeline that signs. */
export interface BuildConfig {
  /** the property that names it */
  readonly property: string;
  /** in words: `the repository's own workflow` */
  readonly own: string;
  /** whether what was built holds it: then it is of the ref that was built */
  readonly isOwn: boolean;
  /** its URI, with `*` where anything may stand, and as an RE2 pattern */
  readonly uri: string;
  readonly pattern: string;
  /** the ref that the property names */
  readonly ref: string | undefined;
}

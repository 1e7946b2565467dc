/** One of Fulcio's certificate extensions (`verification.md` §1.6). */
export interface FulcioExtension {
  /** as a policy and a report name it */
  readonly name: string;
  /** the last number of its OID */
  readonly number: number;
  readonly meaning: string;
}

/** Whether the extension's text stands bare in its value, as all did at first; later ones are a DER UTF8String. */
export function isBare({ number }: FulcioExtension): boolean {
  return number <= 6;
}

const table: readonly (readonly [number, string, string])[] = [
  [2, "workflowTrigger", "GitHub's event that started the workflow (old form)"],
  [3, "workflowSha", "the commit of the workflow (old form)"],
  [4, "workflowName", "the workflow's name (old form)"],
  [5, "workflowRepository", "the workflow's repository (old form)"],
  [6, "workflowRef", "the workflow's ref (old form)"],
  [9, "buildSignerUri", "the build instructions that signed"],
  [10, "buildSignerDigest", "the digest of those build instructions"],
  [11, "runnerEnvironment", "where it ran: `github-hosted`, `self-hosted`"],
  [12, "sourceRepositoryUri", "the repository that was built"],
  [13, "sourceRepositoryDigest", "the commit that was built"],
  [14, "sourceRepositoryRef", "the ref that was built: `refs/tags/v1.4.2`"],
  [15, "sourceRepositoryId", "the repository's immutable id"],
  [16, "sourceRepositoryOwnerUri", "the repository's owner"],
  [17, "sourceRepositoryOwnerId", "the owner's immutable id"],
  [18, "buildConfigUri", "the top-level build instructions"],
  [19, "buildConfigDigest", "the digest of the top-level build instructions"],
  [20, "buildTrigger", "the event that started the build: `push`, `release`"],
  [21, "runInvocationUri", "the run itself"],
  [
    22,
    "sourceRepositoryVisibilityAtSigning",
    "`public` or `private`, when it signed",
  ],
];

/** The extensions that a policy may ask for and a report shows; .1 and .8 are the issuer, .7 is a form of the identity. */
export const fulcioExtensions: readonly FulcioExtension[] = table.map(
  ([number, name, meaning]) => ({ number, name, meaning }),
);

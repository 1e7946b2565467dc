/** One of Fulcio's certificate extensions: the last number of its OID, and how its text is written (`verification.md` §1.6). */
export interface FulcioExtension {
  readonly name: string;
  readonly number: number;
  readonly encoding: "raw" | "utf8String";
}

/** What each extension says, by its name in a policy. */
export const fulcioExtensionNames = {
  workflowTrigger: "GitHub's event that started the workflow (old form)",
  workflowSha: "the commit of the workflow (old form)",
  workflowName: "the workflow's name (old form)",
  workflowRepository: "the workflow's repository (old form)",
  workflowRef: "the workflow's ref (old form)",
  buildSignerUri: "the build instructions that signed",
  buildSignerDigest: "the digest of those build instructions",
  runnerEnvironment: "where it ran: `github-hosted`, `self-hosted`",
  sourceRepositoryUri: "the repository that was built",
  sourceRepositoryDigest: "the commit that was built",
  sourceRepositoryRef: "the ref that was built: `refs/tags/v1.4.2`",
  sourceRepositoryId: "the repository's immutable id",
  sourceRepositoryOwnerUri: "the repository's owner",
  sourceRepositoryOwnerId: "the owner's immutable id",
  buildConfigUri: "the top-level build instructions",
  buildConfigDigest: "the digest of the top-level build instructions",
  buildTrigger: "the event that started the build: `push`, `release`",
  runInvocationUri: "the run itself",
  sourceRepositoryVisibilityAtSigning: "`public` or `private`, when it signed",
} as const;

/** A certificate extension as a policy names it. */
export type FulcioExtensionName = keyof typeof fulcioExtensionNames;

// .1 and .8 are the issuer, .7 is the identity's own form
const numbers: Readonly<Record<FulcioExtensionName, number>> = {
  workflowTrigger: 2,
  workflowSha: 3,
  workflowName: 4,
  workflowRepository: 5,
  workflowRef: 6,
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryId: 15,
  sourceRepositoryOwnerUri: 16,
  sourceRepositoryOwnerId: 17,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationUri: 21,
  sourceRepositoryVisibilityAtSigning: 22,
};

/** The extensions that a policy may ask for and a report shows. */
export const fulcioExtensions: readonly FulcioExtension[] = Object.entries(
  numbers,
).map(([name, number]) => ({
  name,
  number,
  encoding: number <= 6 ? "raw" : "utf8String",
}));

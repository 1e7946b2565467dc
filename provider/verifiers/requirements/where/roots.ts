/** What an expression sees, and which members of it there are; of a predicate they are the statement's own matter. */
export const roots: Readonly<Record<string, readonly string[] | undefined>> = {
  statement: ["_type", "subject", "predicateType", "predicate"],
  predicate: undefined,
  signer: ["issuer", "identity", "keyId", "subject", "extensions"],
  artifact: ["reference", "repository", "digest", "mediaType"],
};

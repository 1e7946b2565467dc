import { z } from "zod";

/** Raised with every security fix of ours in judging: verdicts of an older epoch are judged again. */
export const verifierEpoch = 1;
/** The shape of the state; a change needs a reader for every older one. */
export const stateVersion = 1;

const signer = z
  .object({
    authority: z
      .string()
      .describe("The authority of the policy that vouched: `signedBy[0].key`."),
    evidence: z.string().describe("Digest of the evidence manifest."),
    keyId: z
      .string()
      .optional()
      .describe("`sha256:` of the public key (SPKI DER)."),
    issuer: z.string().optional().describe("OIDC issuer in the certificate."),
    identity: z
      .string()
      .optional()
      .describe("Subject alternative name in the certificate."),
  })
  .meta({ id: "AdmittedSigner", description: "Who vouched, as proven." });

const requirement = z
  .object({
    name: z.string().describe("Property path inside the policy."),
    outcome: z
      .string()
      .describe(
        "`passed`, `failed` or `inconclusive`; only `mode: warn` lets the last two in.",
      ),
    code: z.string().describe("Stable code: `OK`, `NO_EVIDENCE`, …"),
    signers: z.array(signer).describe("Who satisfied it."),
  })
  .meta({ id: "RequirementVerdict", description: "One requirement's answer." });

const verification = z
  .object({
    digest: z.string().describe("The digest that was admitted."),
    outcome: z
      .enum(["verified", "unverified"])
      .describe("Whether anything was proven."),
    reason: z
      .string()
      .optional()
      .describe("Why nothing was: `policy.unverified`."),
    policyDigest: z
      .string()
      .describe("`sha256:` of the policy and its trust material."),
    verifierEpoch: z
      .number()
      .int()
      .describe("The epoch of the code that judged."),
    verifiedAt: z.string().describe("When (RFC 3339)."),
    validUntil: z
      .string()
      .optional()
      .describe("The earliest expiry among what satisfied (RFC 3339)."),
    stale: z
      .string()
      .optional()
      .describe("Why the verdict has to be made again, where it has."),
    requirements: z
      .array(requirement)
      .describe("The answers, in the policy's order."),
  })
  .meta({ id: "Verification", description: "Why this digest was let in." });

const attached = z
  .object({
    count: z
      .number()
      .int()
      .describe(
        "Evidence manifests at the destination that came with the artifact.",
      ),
    digests: z
      .array(z.string())
      .describe(
        "Their digests, shortened to 64 bits; empty where there are more than 64.",
      ),
    listed: z
      .string()
      .describe("Digest of what the source lists about the root."),
    listedAll: z
      .string()
      .optional()
      .describe("The same for every node; only with `watch: all`."),
    pending: z
      .array(z.string())
      .describe("What still has to be done, in words."),
  })
  .meta({
    id: "AttachedEvidence",
    description: "The evidence that was copied, and how it stood.",
  });

/** What is remembered: digests, verdicts and names; no bytes, no certificates, no policy (architecture.md §4). */
export const outputs = z.object({
  source: z.string().optional().describe("As declared."),
  destination: z.string().describe("As declared."),
  digest: z.string().describe("What the destination's tag names."),
  ref: z
    .string()
    .describe(
      "`repository@sha256:…` at the destination; what deployments should use.",
    ),
  mediaType: z.string().describe("Media type of the root manifest."),
  size: z.number().int().describe("Size of the root manifest in bytes."),
  artifactType: z
    .string()
    .optional()
    .describe("Artifact type of the root, where it says one."),
  verification: verification
    .optional()
    .describe(
      "Why this digest was let in; absent after an import, until the first up.",
    ),
  attached: attached.optional().describe("The evidence that came along."),
  onDelete: z.string().describe("What removing the resource will do."),
  version: z.number().int().describe("Version of this state."),
});

/** What state holds of one artifact. */
export type Outputs = z.infer<typeof outputs>;
/** The evidence that came along, as state holds it. */
export type Attached = z.infer<typeof attached>;
/** The verdict, as state holds it. */
export type Verification = z.infer<typeof verification>;

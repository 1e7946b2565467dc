import { z } from "zod";

/** Raised with every security fix of ours in judging: verdicts of an older epoch are judged again. */
export const verifierEpoch = 2;

/** Who vouched for something, as proven. */
export const signer = z
  .object({
    authority: z
      .string()
      .describe("The authority of the policy that vouched: `signedBy[0].key`."),
    evidence: z.string().describe("Digest of the evidence manifest."),
    format: z
      .string()
      .optional()
      .describe(
        "How it is written: `cosign-simplesigning`, `sigstore-bundle-0.3`, …",
      ),
    keyId: z
      .string()
      .optional()
      .describe("`sha256:` of the public key (SPKI DER)."),
    issuer: z.string().optional().describe("OIDC issuer in the certificate."),
    identity: z
      .string()
      .optional()
      .describe("Subject alternative name in the certificate."),
    subject: z
      .string()
      .optional()
      .describe("Subject of a long-lived certificate (RFC 4514)."),
    time: z
      .string()
      .optional()
      .describe(
        "The earliest moment at which the signature is proven to have existed (RFC 3339).",
      ),
    timeSource: z
      .string()
      .optional()
      .describe(
        "Who proves the time: `rekor`, `rfc3161`, `signing-authority`.",
      ),
    predicateType: z
      .string()
      .optional()
      .describe("What kind of statement was made, where it is one."),
  })
  .meta({ id: "AdmittedSigner", description: "Who vouched, as proven." });

const ignored = z
  .object({
    evidence: z.string().describe("Digest of the evidence."),
    code: z.string().describe("Stable code: `IDENTITY_MISMATCH`, `LIMIT`, …"),
    reason: z.string().describe("Why, in at most 200 characters."),
  })
  .meta({
    id: "IgnoredEvidence",
    description: "Evidence that does not count, and why.",
  });

const requirement = z
  .object({
    name: z.string().describe("Property path inside the policy."),
    outcome: z
      .string()
      .describe(
        "`passed`, `failed` or `inconclusive`; only `mode: warn` lets the last two in.",
      ),
    code: z.string().describe("Stable code: `OK`, `NO_EVIDENCE`, …"),
    reason: z.string().optional().describe("Why not, where it did not pass."),
    notes: z
      .array(z.string())
      .optional()
      .describe(
        "What was seen besides: the statement that matched, what was only logged, …",
      ),
    signers: z.array(signer).describe("Who satisfied it."),
    ignored: z
      .array(ignored)
      .optional()
      .describe("What was looked at and does not count, nearest miss first."),
  })
  .meta({ id: "RequirementVerdict", description: "One requirement's answer." });

/** A report: which requirement was met, by which evidence, whose, and when. What is compared has no wall clock in it. */
export const verification = z
  .object({
    version: z
      .number()
      .int()
      .optional()
      .describe("Version of this report; none is version 0."),
    digest: z.string().describe("The digest that was judged."),
    outcome: z
      .enum(["verified", "unverified", "refused", "inconclusive"])
      .describe(
        "Whether anything was proven. A mirrored artifact is `verified`, or `unverified` where the policy says so.",
      ),
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
    ignored: z
      .array(ignored)
      .optional()
      .describe(
        "What was listed as evidence and is none: about something else, too large, not there, …",
      ),
    omitted: z
      .number()
      .int()
      .optional()
      .describe("How many further entries there was no room for."),
  })
  .meta({ id: "Verification", description: "Why this digest was let in." });

/** A report as plain data. */
export type Report = z.infer<typeof verification>;

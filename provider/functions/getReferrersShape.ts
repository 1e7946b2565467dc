import { z } from "zod";
import { signer } from "../resources/judging/reportShape";
import { policySchema } from "../verifiers/policy";
import { kinds } from "./looking/kinds";
import { artifactSource, evidenceRepositories } from "./askedWords";

/** Whose evidence is asked for. */
export const inputs = z.strictObject({
  source: artifactSource,
  digest: z
    .string()
    .optional()
    .describe(
      "Looks at this digest (`sha256:…`), whatever the source's tag names now.",
    ),
  platforms: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("Look only at these children of an index (`linux/amd64`)."),
  repositories: evidenceRepositories,
  policy: policySchema
    .optional()
    .describe(
      "Judges by it, so that `proven` tells who really signed. Without it nothing is verified, and `claimed` is all there is.",
    ),
});

const claim = z
  .object({
    format: z
      .string()
      .describe(
        "How it is written: `cosign-simplesigning`, `dsse`, `sigstore-bundle-0.3`, `notation-jws`, …",
      ),
    identity: z
      .string()
      .optional()
      .describe("The identity in the certificate, unproven."),
    issuer: z
      .string()
      .optional()
      .describe("The OIDC issuer in the certificate, unproven."),
    subject: z
      .string()
      .optional()
      .describe("The certificate's subject (RFC 4514), unproven."),
    keyId: z
      .string()
      .optional()
      .describe(
        "`sha256:` of the certificate's public key, unproven. Evidence does not name a bare key.",
      ),
    predicateType: z
      .string()
      .optional()
      .describe("What kind of statement it makes."),
    problem: z.string().optional().describe("Why nothing could be read of it."),
  })
  .meta({
    id: "ClaimedSigner",
    description:
      "What a piece of evidence says of itself. Whoever may push can write it: nothing of it is verified.",
  });

const referrer = z
  .object({
    digest: z.string().describe("Digest of the evidence manifest."),
    parent: z
      .string()
      .describe(
        "Digest of what it is about: the artifact, a manifest of it, or other evidence in this list.",
      ),
    kind: z
      .enum(kinds)
      .describe("What it is, as far as its types and statements tell."),
    mediaType: z.string().describe("Media type of the manifest."),
    artifactType: z
      .string()
      .describe("Its `artifactType`, else its config's media type."),
    predicateTypes: z
      .array(z.string())
      .describe("The kinds of statement it holds."),
    via: z
      .enum(["referrer", "sig", "att", "sbom", "child"])
      .describe(
        "How it was found: the referrers API or its fallback tag, one of cosign's tags, or inside the artifact (`child`, as BuildKit writes it).",
      ),
    tag: z.string().optional().describe("Cosign's tag that names it."),
    repository: z.string().describe("Where it lies: `host/repository`."),
    size: z.number().describe("The manifest's own bytes."),
    totalSize: z
      .number()
      .describe("The manifest with all that it names, in bytes."),
    created: z
      .string()
      .optional()
      .describe("When its author says that it was made (RFC 3339)."),
    annotations: z
      .record(z.string(), z.string())
      .describe("Its annotations as its author wrote them, unproven."),
    claimed: z
      .array(claim)
      .describe("Who says to have signed it, unproven; at most 20."),
    proven: z
      .array(signer)
      .describe(
        "Who has signed it, as the policy's authorities have verified; empty without a policy.",
      ),
  })
  .meta({
    id: "ArtifactReferrer",
    description: "A manifest about another one.",
  });

const setAside = z
  .object({
    digest: z.string().describe("Digest of what was listed."),
    code: z.string().describe("Stable code: `SUBJECT_MISMATCH`, `ABSENT`, …"),
    reason: z.string().describe("Why it is no evidence."),
  })
  .meta({
    id: "ReferrerSetAside",
    description: "What a registry lists as a referrer, and is none.",
  });

/** All evidence about an artifact. */
export const outputs = z.object({
  source: z.string().describe("As asked."),
  digest: z.string().describe("Digest of the root manifest."),
  ref: z.string().describe("`repository@sha256:…`: whose evidence it is."),
  mediaType: z.string().describe("Media type of the root manifest."),
  outcome: z
    .enum(["verified", "unverified", "refused", "inconclusive"])
    .optional()
    .describe("What the policy says, where one was given."),
  referrers: z
    .array(referrer)
    .describe(
      "Everything that is said about the artifact, its manifests and their evidence, each after what it is about; complete, or the call fails.",
    ),
  ignored: z
    .array(setAside)
    .describe("What was listed as evidence and is none; at most 200."),
  tree: z
    .string()
    .describe("The same drawn as a tree, for people: its form may change."),
});

/** One manifest about another one, as it is answered. */
export type ReferrerEntry = z.infer<typeof referrer>;

import { z } from "zod";
import { candidateOutput } from "../mirroring/age/candidateOutput";

/** The shape of the state; a change needs a reader for every older one. */
export const stateVersion = 1;

const verdict = z
  .object({
    outcome: z
      .enum(["verified", "unverified"])
      .describe("`unverified` where the policy says so."),
    digest: z.string().describe("The digest that was judged."),
    verifiedAt: z.string().describe("When (RFC 3339)."),
    validUntil: z
      .string()
      .optional()
      .describe("The earliest expiry among what satisfied (RFC 3339)."),
    signer: z.string().optional().describe("Who vouched, in few words."),
    listed: z
      .string()
      .optional()
      .describe(
        "Short digest of what the source lists about it; only with `watch: root`.",
      ),
  })
  .meta({ id: "TagVerdict", description: "Why a tag was let in." });

const refusal = z
  .object({
    digest: z.string().describe("What was refused."),
    code: z.string().describe("Stable code: `NO_EVIDENCE`, …"),
    reason: z.string().describe("Why, in at most 200 characters."),
    refusedAt: z.string().describe("When (RFC 3339)."),
    listed: z
      .string()
      .optional()
      .describe("Short digest of what the source listed about it."),
  })
  .meta({ id: "TagRefusal", description: "Why a tag was not let in." });

const selection = z
  .object({
    listed: z.number().int().describe("Tags that the source lists."),
    chosen: z.number().int().describe("Tags that the rules choose."),
    mirrored: z.number().int().describe("Tags at the destination by us."),
    refused: z.number().int().describe("Tags that the policy refuses."),
    waiting: z.number().int().describe("Tags that are too young."),
    occupied: z
      .number()
      .int()
      .describe("Tags that name something else at the destination already."),
    dropped: z
      .record(z.string(), z.number().int())
      .describe("Rule → how many tags it dropped; `getTags` names them."),
  })
  .meta({ id: "SelectionCounts", description: "How the choice went." });

/** What is remembered of a repository: a digest and a short verdict a tag; no report, no policy, no list of what was not chosen. */
export const outputs = z.object({
  source: z.string().optional().describe("As declared."),
  destination: z.string().describe("As declared."),
  repository: z
    .string()
    .describe(
      "The destination as canonically written: `${repository}@${digests[tag]}` is what deployments should use.",
    ),
  digests: z
    .record(z.string(), z.string())
    .describe("Tag at the destination → digest that it names."),
  verdicts: z
    .record(z.string(), verdict)
    .describe("Tag at the destination → why it was let in."),
  refused: z
    .record(z.string(), refusal)
    .optional()
    .describe("Tag at the destination → why it was not let in."),
  candidates: z
    .record(z.string(), candidateOutput)
    .optional()
    .describe("Tag at the destination → what is too young, and waits."),
  selection: selection
    .optional()
    .describe("How the choice went, in counts; absent after an import."),
  policyDigest: z
    .string()
    .optional()
    .describe("`sha256:` of the policy and its trust material."),
  verifierEpoch: z
    .number()
    .int()
    .optional()
    .describe("The epoch of the code that judged."),
  pending: z
    .record(z.string(), z.string())
    .describe(
      "Tag at the destination → why it has to be judged again, though it names the same digest; empty where nothing has to.",
    ),
  onDelete: z.string().describe("What removing the resource will do."),
  version: z.number().int().describe("Version of this state."),
});

/** What state holds of a repository. */
export type Outputs = z.infer<typeof outputs>;
/** Why one tag was let in, as state holds it. */
export type TagVerdict = z.infer<typeof verdict>;
/** Why one tag was not let in, as state holds it. */
export type TagRefusal = z.infer<typeof refusal>;

import { z } from "zod";
import { verification } from "../resources/judging/reportShape";
import { policySchema } from "../verifiers/policy";
import { artifactSource, evidenceRepositories } from "./askedWords";

/** What is asked, and how strictly. */
export const inputs = z.strictObject({
  source: artifactSource,
  policy: policySchema.describe(
    "Who must have signed it. Required: there is no default that lets anything in.",
  ),
  digest: z
    .string()
    .optional()
    .describe(
      "Judges this digest (`sha256:…`), whatever the source's tag names now.",
    ),
  platforms: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      "Look only at these children of an index (`linux/amd64`), as a copy of them would.",
    ),
  repositories: evidenceRepositories,
  enforce: z
    .boolean()
    .optional()
    .describe(
      "Whether a refusal fails the call, and with it the preview. Default false: the answer says so, and the program decides.",
    ),
});

// no wall clock: the same question has the same answer, until the world changes
const report = verification.omit({ verifiedAt: true, stale: true }).meta({
  id: "VerificationReport",
  description: "How an artifact was judged.",
});

/** What was found. */
export const outputs = z.object({
  source: z.string().describe("As asked."),
  digest: z.string().describe("The digest that was judged."),
  ref: z
    .string()
    .describe(
      "`repository@sha256:…` at the source: what was judged, and nothing that a tag may name later.",
    ),
  mediaType: z.string().describe("Media type of the root manifest."),
  outcome: z
    .enum(["verified", "unverified", "refused", "inconclusive"])
    .describe(
      "`verified`; `unverified` where the policy says so; `refused`; or `inconclusive` where something could not be asked.",
    ),
  report: report.describe(
    "Each requirement, its answer, by which evidence, whose, and since when it is proven.",
  ),
  message: z
    .string()
    .optional()
    .describe("Why it is not let in, and what to do, where it is not."),
});

/** The arguments as a user writes them. */
export type Inputs = z.infer<typeof inputs>;

import { z } from "zod";
import { verification } from "../judging/reportShape";
import { candidateOutput } from "../mirroring/age/candidateOutput";

/** The shape of the state; a change needs a reader for every older one. */
export const stateVersion = 1;

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
  candidate: candidateOutput
    .optional()
    .describe(
      "With `minAge`: what the source names now, and what waits until it is old enough.",
    ),
  onDelete: z.string().describe("What removing the resource will do."),
  version: z.number().int().describe("Version of this state."),
});

/** What state holds of one artifact. */
export type Outputs = z.infer<typeof outputs>;
/** The evidence that came along, as state holds it. */
export type Attached = z.infer<typeof attached>;

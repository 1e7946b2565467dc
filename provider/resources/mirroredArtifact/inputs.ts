import { z } from "zod";
import { policySchema } from "../../verifiers/policy";
import { evidenceInput } from "../mirroring/evidenceInput";
import { minAgeInput } from "../mirroring/age/minAgeInput";

/** What a user may declare (architecture.md §5). */
export const inputs = z.strictObject({
  source: z
    .string()
    .describe(
      "Where the artifact comes from: `registry.example/acme/app:1.4.2`, `…@sha256:…`, or an OCI layout directory `oci:./dir:tag`.",
    ),
  destination: z
    .string()
    .describe(
      "Where it is to be: a reference with a tag and without a digest. Changing it makes a new copy and keeps the old one.",
    ),
  policy: policySchema.describe(
    "Who must have signed it. Required: there is no default that lets anything in.",
  ),
  digest: z
    .string()
    .optional()
    .describe(
      'Pins the artifact (`sha256:…`). Left out, it is filled with what the source names now, so that the preview shows it; `ignoreChanges: ["digest"]` freezes it.',
    ),
  platforms: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      "Copy only these children of an index (`linux/amd64`). The index itself stays as it is, because rewriting it would void its signatures.",
    ),
  evidence: evidenceInput
    .optional()
    .describe("Which evidence is copied, and which is watched."),
  minAge: minAgeInput
    .optional()
    .describe(
      "A cooldown: what the source newly names waits until it has this age, and the mirrored digest stays until then. What is new is refused while it is too young, and so is a `digest` that is pinned, but for the mirrored one.",
    ),
  onRefused: z
    .enum(["fail", "keep"])
    .optional()
    .describe(
      "What a refusal does to an artifact that is already mirrored: fail (default), or keep the admitted digest with a warning. A new one always fails.",
    ),
  onSourceUnavailable: z
    .enum(["warn", "error"])
    .optional()
    .describe(
      "What an unreachable source does to an artifact that is already mirrored and complete: a warning (default) or an error. For anything else it is always an error.",
    ),
  onDelete: z
    .enum(["keep", "untag", "delete"])
    .optional()
    .describe(
      "What removing the resource does to the copy: nothing (default), remove its tag, or remove the artifact. Acts only while the tag names the digest that was admitted; `delete` only removes the tag where another one names the same digest.",
    ),
  reverify: z
    .string()
    .regex(/^[1-9][0-9]*[mhd]$/, "write a number and m, h or d: `24h`")
    .optional()
    .describe("Judge again when the verdict is older than this (`24h`)."),
});

/** The inputs as a user writes them. */
export type Inputs = z.infer<typeof inputs>;

import { z } from "zod";
import { renameInput } from "../../selectors/renameInput";
import { tagsInput } from "../../selectors/tagsInput";
import { policySchema } from "../../verifiers/policy";
import { evidenceInput } from "../mirroring/evidenceInput";
import { minAgeInput } from "../mirroring/age/minAgeInput";

/** What a user may declare of a repository. */
export const inputs = z.strictObject({
  source: z
    .string()
    .describe(
      "The repository whose tags are mirrored: `registry.example/acme/app`, or an OCI layout directory `oci:./dir`; no tag and no digest.",
    ),
  destination: z
    .string()
    .describe(
      "The repository into which they come; no tag and no digest. Changing it makes new copies and keeps the old ones.",
    ),
  tags: tagsInput
    .extend({
      minAge: minAgeInput
        .optional()
        .describe(
          "A cooldown: a tag, or what it newly names, waits until it has this age.",
        ),
    })
    .meta({ id: "RepositoryTags", description: "Which tags are mirrored." })
    .describe("Which tags are mirrored."),
  rename: renameInput
    .optional()
    .describe("What tags are called at the destination. Default: as they are."),
  policy: policySchema.describe(
    "Who must have signed each of them. Required: there is no default that lets anything in.",
  ),
  digests: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'Tag at the destination → digest that it is to name. Left out, it is filled with what the last look at the source saw, so that the preview shows it; a member of yours pins its tag; `ignoreChanges: ["digests"]` freezes all.',
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
    .describe(
      "Which evidence is copied, and which is watched: here `watch` is `none` by default, and `root` asks once for each tag.",
    ),
  replaceTag: z
    .enum(["never", "verified"])
    .optional()
    .describe(
      "What happens when a mirrored tag names something else at the source: nothing (`never`, default; it is not even asked), or it follows if the policy admits it (`verified`).",
    ),
  prune: z
    .enum(["keep", "untag"])
    .optional()
    .describe(
      "What happens to mirrored tags that are no longer chosen: they stay (`keep`, default), or the tag is removed at the destination (`untag`), as the preview shows before. Only tags that this resource mirrored; not with `mode: higher`.",
    ),
  maxPrune: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      "With `prune: untag`: if more tags than this would go at a time, none goes and the preview fails. Default 10.",
    ),
  onRefused: z
    .enum(["fail", "keep"])
    .optional()
    .describe(
      "What refused tags do: all others are mirrored and the run fails (`fail`, default), or it goes on with a warning (`keep`).",
    ),
  onSourceUnavailable: z
    .enum(["warn", "error"])
    .optional()
    .describe(
      "What an unreachable source does to what is already mirrored: a warning (default) or an error.",
    ),
  onDelete: z
    .enum(["keep", "untag"])
    .optional()
    .describe(
      "What removing the resource does to the copies: nothing (default), or remove the tags that still name what was admitted.",
    ),
  reverify: z
    .string()
    .regex(/^[1-9][0-9]*[mhd]$/, "write a number and m, h or d: `24h`")
    .optional()
    .describe("Judge again what was judged longer ago than this (`24h`)."),
});

/** The inputs as a user writes them. */
export type Inputs = z.infer<typeof inputs>;

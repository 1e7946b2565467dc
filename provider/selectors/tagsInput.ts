import { z } from "zod";

const pattern = z
  .string()
  .min(1)
  .describe("RE2, and the whole tag: it is anchored by us.");

/** How tags of a repository are chosen, as a user writes it (field.md part 3). What contradicts itself is found by `tagsFailures`. */
export const tagsInput = z
  .strictObject({
    mode: z
      .enum(["highest", "higher", "semver", "all", "list"])
      .describe(
        "`highest`: the highest version; `higher`: every version above the destination's highest; `semver`: every version; `all`: every tag; `list`: the tags of `list`.",
      ),
    list: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("The tags themselves; with `mode: list` only."),
    range: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Only versions in this range (`>=1.4 <2 || 3.x`), as npm reads it; with `compatibility`, the version without its suffix is looked at.",
      ),
    pattern: pattern
      .optional()
      .describe(
        "Only tags that match this RE2 pattern, which is anchored at both ends.",
      ),
    exclude: z
      .array(pattern)
      .min(1)
      .optional()
      .describe("No tag that matches one of these patterns."),
    compatibility: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Only versions whose pre-release is exactly this (`alpine` takes `1.4.2-alpine`). Without it, no pre-release is taken.",
      ),
    prereleases: z
      .boolean()
      .optional()
      .describe(
        "Whether pre-releases are taken, too, as versions below their release. Default false; not together with `compatibility`.",
      ),
    pinnedMajor: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Only versions of this major version."),
    newest: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Of what is left, only so many of the highest versions."),
    calendar: z
      .boolean()
      .optional()
      .describe(
        "Whether major versions above 1024 are versions, too (`2024.10.1`, `20241001`). Default false: they are build numbers and dates.",
      ),
    ties: z
      .enum(["specific", "last"])
      .optional()
      .describe(
        "Which of several tags of one version is the highest: the one that is written out most (`specific`, default: `1.2.0` rather than `1.2`), or the last in alphabetical order, in which we list them (`last`, near to replicant, which takes the registry's order).",
      ),
    evidenceTags: z
      .boolean()
      .optional()
      .describe(
        "With `mode: all` or `list`: whether cosign's tags (`sha256-….sig`, `.att`, `.sbom`) are tags like all others. Default false: evidence comes along with what it is about.",
      ),
    whenEmpty: z
      .enum(["none", "highest", "all"])
      .optional()
      .describe(
        "With `mode: higher`: what is taken while the destination has no such version: nothing (`none`, default), the highest, or all versions.",
      ),
  })
  .meta({ id: "TagSelection", description: "Which tags of a repository." });

/** The rules as a user writes them. */
export type TagsInput = z.infer<typeof tagsInput>;

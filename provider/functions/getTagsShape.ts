import { z } from "zod";
import { inputs as repository } from "../resources/mirroredRepository/inputs";

/** Which tags are asked about. */
export const inputs = z.strictObject({
  source: z
    .string()
    .describe(
      "The repository: `registry.example/acme/app`, or an OCI layout directory `oci:./dir`; no tag and no digest.",
    ),
  tags: repository.shape.tags
    .optional()
    .describe(
      "The rules, as a MirroredRepository takes them. Default: all tags but those of evidence. `minAge` is not looked at here.",
    ),
  destination: z
    .string()
    .optional()
    .describe(
      "The repository into which they would come: `mode: higher` compares with its versions, and each chosen tag is told to be there or not.",
    ),
  rename: repository.shape.rename,
});

const listedTag = z
  .object({
    tag: z.string().describe("At the source."),
    chosen: z.boolean().describe("Whether the rules choose it."),
    name: z
      .string()
      .optional()
      .describe("What a chosen tag is called at the destination."),
    present: z
      .boolean()
      .optional()
      .describe(
        "Whether the destination has a tag of that name, whatever it names; only with `destination`.",
      ),
    rule: z
      .string()
      .optional()
      .describe(
        "The rule that dropped it: `pattern`, `version`, `prereleases`, …",
      ),
    reason: z
      .string()
      .optional()
      .describe("Why that rule dropped it, as read after the tag's name."),
  })
  .meta({ id: "ListedTag", description: "A tag, and what became of it." });

/** What the rules make of a repository. */
export const outputs = z.object({
  source: z.string().describe("As asked."),
  tags: z
    .array(listedTag)
    .describe("Every tag of the source, in alphabetical order."),
  chosen: z
    .array(z.string())
    .describe(
      "The chosen tags as the source calls them, in the order of the mode: ascending versions, the order of `list`, or alphabetical.",
    ),
  missing: z
    .array(z.string())
    .describe("Tags of `list` that the source does not have."),
  listed: z.number().int().describe("How many tags the source lists."),
  dropped: z
    .record(z.string(), z.number().int())
    .describe("Rule → how many tags it dropped."),
  omitted: z
    .number()
    .int()
    .optional()
    .describe(
      "How many dropped tags are left out of `tags`, where there are too many.",
    ),
  message: z
    .string()
    .optional()
    .describe("What to know where nothing is chosen, or something is missing."),
});

/** The arguments as a user writes them. */
export type Inputs = z.infer<typeof inputs>;

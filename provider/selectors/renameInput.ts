import { z } from "zod";

/** How tags are called at the destination. */
export const renameInput = z
  .strictObject({
    pattern: z
      .string()
      .min(1)
      .describe(
        "RE2, anchored by us; tags that it does not match keep their names.",
      ),
    to: z
      .string()
      .min(1)
      .describe(
        "The name at the destination; `$1`, `${1}` or `${name}` is a group, `$$` a dollar.",
      ),
  })
  .meta({
    id: "TagRename",
    description: "What tags are called at the destination.",
  });

/** The rule as a user writes it. */
export type RenameInput = z.infer<typeof renameInput>;

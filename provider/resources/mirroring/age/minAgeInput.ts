import { z } from "zod";

/** How old something must be before it may come in. */
export const minAgeInput = z
  .strictObject({
    duration: z
      .string()
      .regex(
        /^[1-9][0-9]{0,5}[mhd]$/,
        "write a number below a million and m, h or d: `72h`",
      )
      .describe("The age it must have reached (`72h`, `7d`)."),
    by: z
      .enum(["signature", "created", "firstSeen"])
      .describe(
        "Since when it counts: the moment at which its signature is proven to have existed (`signature`), the date in the artifact itself, which its maker wrote and may have made up (`created`), or the first time that an up or a refresh saw it (`firstSeen`, kept in state).",
      ),
    onNew: z
      .enum(["refuse", "admit"])
      .optional()
      .describe(
        "With `firstSeen` only: what happens to something of which nothing was seen before, because the resource or its `source` is new: a MirroredArtifact is refused and the tags of a MirroredRepository wait (`refuse`, default), or what is there now comes in at once (`admit`).",
      ),
  })
  .meta({
    id: "MinimumAge",
    description: "A cooldown: what is too young waits.",
  });

/** The wish as a user writes it. */
export type MinAgeInput = z.infer<typeof minAgeInput>;

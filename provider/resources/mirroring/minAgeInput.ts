import { z } from "zod";

/** How old something must be before it may come in. */
export const minAgeInput = z
  .strictObject({
    duration: z
      .string()
      .regex(/^[1-9][0-9]*[mhd]$/, "write a number and m, h or d: `72h`")
      .describe("The age it must have reached (`72h`, `7d`)."),
    by: z
      .enum(["signature", "created", "firstSeen"])
      .describe(
        "Since when it counts: the moment at which its signature is proven to have existed (`signature`), the date in the artifact itself, which its maker wrote (`created`), or the first time a run of ours saw it (`firstSeen`, kept in state).",
      ),
    onNew: z
      .enum(["refuse", "admit"])
      .optional()
      .describe(
        "With `firstSeen`: what happens to a new resource, of which nothing was seen before: an error (`refuse`, default), or in it comes (`admit`).",
      ),
  })
  .meta({
    id: "MinimumAge",
    description: "A cooldown: what is too young waits.",
  });

/** The wish as a user writes it. */
export type MinAgeInput = z.infer<typeof minAgeInput>;

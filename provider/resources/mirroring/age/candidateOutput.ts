import { z } from "zod";

/** What waits for its age, as state holds it. */
export const candidateOutput = z
  .object({
    digest: z.string().describe("What waits."),
    firstSeen: z.string().describe("When we saw it first (RFC 3339)."),
    by: z
      .string()
      .optional()
      .describe("`minAge.by`, as it was when `bornAt` was learned."),
    bornAt: z
      .string()
      .optional()
      .describe("Its date by `minAge.by`, where that is known (RFC 3339)."),
  })
  .meta({ id: "Candidate", description: "What is too young, and waits." });

/** What waits for its age. */
export type Candidate = z.infer<typeof candidateOutput>;

import { z } from "zod";
import { packageSchema } from "../../../provider/hosts/plugin/schema";

const key = z
  .strictObject({
    publicKey: z.string().describe("PEM."),
    tlog: z.enum(["required", "not-required"]).optional().describe("The log."),
  })
  .meta({ id: "Key", description: "A public key." });

const policy = z
  .strictObject({
    signedBy: z
      .array(key)
      .optional()
      .describe("Who must have signed, any of them."),
    threshold: z.int().optional().describe("How many of them."),
  })
  .meta({ id: "Policy", description: "What must be proven." });

const login = z
  .strictObject({
    registry: z.string().describe("Its host."),
    password: z.string().optional().meta({ secret: true }).describe("Secret."),
  })
  .meta({ id: "Credential", description: "One login." });

/** A small package with every kind of property, so that generator tests do not move with the product. */
export const fakeSources = {
  version: "1.2.3",
  providerConfig: z.strictObject({
    credentials: z.array(login).optional().describe("Logins."),
    allowUnverified: z.boolean().optional().describe("The floor."),
    trustRefresh: z
      .enum(["never", "tuf"])
      .optional()
      .describe("When roots are renewed."),
  }),
  resources: [
    {
      token: "artifact-mirror:index:Thing",
      description: "A thing.\n\nWith */ a trap.",
      inputs: z.strictObject({
        source: z.string().describe("From where."),
        policy: policy.describe("The policy."),
        digest: z.string().optional().describe("A pin."),
        token: z.string().optional().meta({ secret: true }).describe("Hush."),
        labels: z
          .record(z.string(), z.string())
          .optional()
          .describe("Any words."),
        free: z.record(z.string(), z.unknown()).optional().describe("Any."),
      }),
      outputs: z.strictObject({
        digest: z.string().describe("What is there."),
        ref: z.string().describe("Where it is."),
        token: z.string().optional().meta({ secret: true }).describe("Hush."),
        keys: z.array(key).optional().describe("Who signed."),
      }),
      replaceOnChanges: ["source"],
    },
  ],
  functions: [
    {
      token: "artifact-mirror:index:askThing",
      description: "Asks.",
      inputs: z.strictObject({
        source: z.string().describe("From where."),
        policy: policy.optional().describe("The policy."),
      }),
      outputs: z.object({
        digest: z.string().describe("What is there."),
        keys: z.array(key).optional().describe("Who signed."),
      }),
    },
  ],
};

export const fakeSchema = packageSchema(fakeSources);

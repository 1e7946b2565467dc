import { z } from "zod";

/** One entry of the provider's `registries`: how a host is reached. Nothing in it is secret. */
export const registrySettings = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^[a-z0-9.:[\]-]+$/,
        "must be a host name with an optional port, in lower case",
      )
      .describe(
        "The registry's host, with its port where it has one: `reg.example:5000`.",
      ),
    plainHttp: z
      .boolean()
      .optional()
      .describe(
        "Speak HTTP instead of HTTPS to this host. Never tried unless named here.",
      ),
    skipTlsVerify: z
      .boolean()
      .optional()
      .describe("Accept any certificate of this host. Prefer `caPem`."),
    caPem: z
      .string()
      .refine(
        (pem) => !pem.includes("PRIVATE KEY"),
        "holds a private key: take it out, consider it leaked, and give certificates only",
      )
      .optional()
      .describe(
        "Certificate authorities to trust for this host, in PEM, instead of the system's.",
      ),
    trustedRealms: z
      .array(z.string())
      .optional()
      .describe(
        "Hosts, with port, of token servers that may see this registry's credential, besides the registry itself.",
      ),
    minRemaining: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        "How many requests of this host's rate limit are left to others: when its answers say that no more than these remain, what is begun is finished, and nothing new is asked.",
      ),
  })
  .meta({ id: "Registry", description: "How one host is reached." });

/** One entry as a user writes it. */
export type RegistrySettings = z.infer<typeof registrySettings>;

/** The settings of one host; an unlisted host has none. */
export function settingsOf(
  registries: readonly RegistrySettings[],
  host: string,
): RegistrySettings {
  return registries.find((registry) => registry.host === host) ?? { host };
}

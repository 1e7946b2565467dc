import { z } from "zod";
import { credentialSettings } from "../credentials/settings";
import { registrySettings } from "../stores/registry/settings";
import { policySchema } from "../verifiers/policy";

/** The provider's configuration (architecture.md §5). Nothing in it is required. */
export const providerConfig = z.strictObject({
  registries: z
    .array(registrySettings)
    .optional()
    .describe(
      "How single hosts are reached; an unlisted host is reached over HTTPS with the system's certificates. Never secret, so that changes show in the diff.",
    ),
  credentials: z
    .array(credentialSettings)
    .optional()
    .describe(
      "Credentials by registry, before those of the machine (Docker's configuration, the cloud's own chain). Name environment variables (`passwordEnv`) for tokens that rotate.",
    ),
  policies: z
    .record(z.string(), policySchema)
    .optional()
    .describe('Shared policies by name, for `policy: { use: "name" }`.'),
  allowUnverified: z
    .boolean()
    .optional()
    .describe(
      "Whether `policy: { unverified }` is allowed at all: a floor that no resource can lower. Default true.",
    ),
  allowedPlugins: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Plugins that policies may run: repositories, where `*` stands for anything (`ghcr.io/acme/plugins/*`), or digests. Default: none, because a change of data alone must not run code.",
    ),
  trustRefresh: z
    .enum(["never", "tuf"])
    .optional()
    .describe(
      "Whether the roots `public-good` (sigstore.dev) and `github` are brought up to date by TUF before they are used (`tuf`), or are those that came with this version (`never`, the default).",
    ),
  refreshBeforeUpdate: z
    .boolean()
    .optional()
    .describe(
      "Whether every preview and up looks at both sides first. Off, drift at the destination shows only in `pulumi refresh`. Default true.",
    ),
});

export type ProviderConfig = z.infer<typeof providerConfig>;

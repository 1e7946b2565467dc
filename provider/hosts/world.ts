import { credentialFinder } from "../credentials/catalog";
import { cloudRepositories } from "../credentials/repositories";
import type { Send } from "../mirror/ports";
import { Memory } from "../resources/memory";
import type { World } from "../resources/world";
import { openStores } from "../stores/catalog";
import { openNetwork } from "../stores/registry/wire/send";
import type { ProviderConfig } from "./config";

/** What a configuration opens: the world for resources, and the way out for `Reach`. */
export interface Outside {
  readonly world: World;
  readonly send: Send;
  close(): Promise<void>;
}

/** Makes the world of one configured provider; asks nobody. Credentials are found at the moment of use, so a rotated one is seen. */
export function openOutside(
  config: ProviderConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Outside {
  const registries = config.registries ?? [];
  const given = config.credentials ?? [];
  const network = openNetwork({ registries, environment });
  const credentials = credentialFinder({ given, environment });
  return {
    world: {
      stores: openStores({
        registries,
        credentials,
        cloudRepositories: cloudRepositories(given),
      }),
      policies: config.policies ?? {},
      allowUnverified: config.allowUnverified ?? true,
      trustRefresh: config.trustRefresh ?? "never",
      allowedPlugins: config.allowedPlugins ?? [],
      memory: new Memory(),
    },
    send: network.send,
    close: () => network.close(),
  };
}

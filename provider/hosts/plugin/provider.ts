import { version } from "../../../package.json";
import { functions } from "../../functions/catalog";
import { resources } from "../../resources/catalog";
import { providerConfig } from "../config";
import { pinnedConfig, policyFailures } from "../configMaterial";
import { checkShape } from "../../verifiers/checkShape";
import { openOutside } from "../world";
import { openNames } from "./openNames";
import { packageSchema } from "./schema";
import type { Provider } from "./session";

/** The whole of artifact-mirror, as the plugin serves it. Loading this file loads everything behind it. */
export const provider: Provider = {
  resources,
  functions,
  openConfig: openNames(providerConfig),
  openInputs: ({ inputs }) => openNames(inputs),
  check: (values) => checkShape(providerConfig, values),
  async pin(values) {
    const { changes, failures } = pinnedConfig(values);
    if (failures.length > 0) return { changes, failures };
    const found = await policyFailures({ ...values, ...changes });
    return { changes, failures: found };
  },
  get schema() {
    return packageSchema({ version, resources, functions, providerConfig });
  },
  open(values) {
    const config = providerConfig.parse(values);
    const outside = openOutside(config, process.env);
    return {
      world: outside.world,
      send: outside.send,
      refreshBeforeUpdate: config.refreshBeforeUpdate ?? true,
    };
  },
};

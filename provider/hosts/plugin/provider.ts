import { version } from "../../../package.json";
import { resources } from "../../resources/catalog";
import { providerConfig } from "../config";
import { checkShape } from "../../verifiers/checkShape";
import { openOutside } from "../world";
import { openNames } from "./openNames";
import { packageSchema } from "./schema";
import type { Provider } from "./session";

/** The whole of artifact-mirror, as the plugin serves it. Loading this file loads everything behind it. */
export const provider: Provider = {
  resources,
  openConfig: openNames(providerConfig),
  openInputs: ({ inputs }) => openNames(inputs),
  check: (values) => checkShape(providerConfig, values),
  get schema() {
    return packageSchema({ version, resources, providerConfig });
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

import { version } from "../../../package.json";
import { resources } from "../../resources/catalog";
import { providerConfig } from "../config";
import { openOutside } from "../world";
import { packageSchema } from "./schema";
import type { Provider } from "./session";

/** The whole of artifact-mirror, as the plugin serves it. Loading this file loads everything behind it. */
export const provider: Provider = {
  resources,
  config: providerConfig,
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

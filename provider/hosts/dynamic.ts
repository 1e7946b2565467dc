import { mirroredArtifact } from "../resources/mirroredArtifact";
import { checkShape } from "../verifiers/checkShape";
import { providerConfig } from "./config";
import { DynamicHost } from "./dynamicHost";
import { openOutside } from "./world";

/** What `pulumi-artifact-mirror/dynamic/host` is: the functions that the provider text in state asks for. Their names are for ever. */
const host = new DynamicHost({
  configNames: Object.keys(providerConfig.shape),
  check: (config) => checkShape(providerConfig, config),
  open(config) {
    const outside = openOutside(providerConfig.parse(config), process.env);
    return {
      lifecycle: mirroredArtifact.lifecycle(outside.world),
      send: outside.send,
    };
  },
  print: (text) => process.stderr.write(`${text}\n`),
});

export const configure = host.configure.bind(host);
export const check = host.check.bind(host);
export const diff = host.diff.bind(host);
export const create = host.create.bind(host);
export const read = host.read.bind(host);
export const update = host.update.bind(host);
const remove = host.delete.bind(host);
export { remove as delete };

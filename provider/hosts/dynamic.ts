import { verifyArtifact as verifying } from "../functions/verifyArtifact";
import type { Values } from "../mirror/lifecycle";
import { mirroredArtifact } from "../resources/mirroredArtifact";
import { checkShape } from "../verifiers/checkShape";
import { providerConfig } from "./config";
import { pinnedConfig } from "./configMaterial";
import { DynamicHost } from "./dynamicHost";
import type { DynamicParts } from "./dynamicParts";
import type { ConfigureRequest } from "./givenConfig";
import type { WireValues } from "./marked";
import { openOutside } from "./world";

const parts: DynamicParts = {
  configNames: Object.keys(providerConfig.shape),
  check(config) {
    const failures = checkShape(providerConfig, config);
    return failures.length > 0 ? failures : pinnedConfig(config).failures;
  },
  open(config) {
    const { world, send } = openOutside(configOf(config), process.env);
    return {
      lifecycle: mirroredArtifact.lifecycle(world),
      send,
      ask: (call, args) => verifying.ask(world, call, args),
    };
  },
  print: (text) => process.stderr.write(`${text}\n`),
};

function configOf(config: Values) {
  return providerConfig.parse({ ...config, ...pinnedConfig(config).changes });
}

/** What `pulumi-artifact-mirror/dynamic/host` is: the functions that the provider text in state asks for. Their names are for ever. */
const host = new DynamicHost(parts);

export const configure = host.configure.bind(host);
export const check = host.check.bind(host);
export const diff = host.diff.bind(host);
export const create = host.create.bind(host);
export const read = host.read.bind(host);
export const update = host.update.bind(host);
const remove = host.delete.bind(host);
export { remove as delete };

/** The same judgement for the program that asks, in its own process. */
export async function verifyArtifact(
  request: ConfigureRequest,
  args: WireValues,
): Promise<WireValues> {
  const asked = new DynamicHost(parts);
  await asked.configure(request);
  return asked.ask(args);
}

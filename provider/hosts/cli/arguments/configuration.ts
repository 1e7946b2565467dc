import { resolve } from "node:path";
import type { Failure, Values } from "../../../mirror/lifecycle";
import { checkShape } from "../../../verifiers/checkShape";
import { providerConfig, type ProviderConfig } from "../../config";
import { pinnedConfig, policyFailures } from "../../configMaterial";
import { readConfig } from "../../configText";
import { type MarkedValues, plainValues } from "../../marked";
import type { Asked } from "../asked";
import { misunderstood, reasonsOf } from "../exit";
import { readYamlFile } from "./yamlFile";
import type { Terminal } from "../terminal";

const prefix = "artifact-mirror:";

/** The configuration that a command line names, as the plugin would take it; `given` is what was written. */
export async function readConfiguration(
  asked: Asked,
  terminal: Terminal,
): Promise<{ readonly config: ProviderConfig; readonly given: MarkedValues }> {
  const file = asked.text("config");
  const written =
    file === undefined
      ? {}
      : oursIn(await readYamlFile(resolve(terminal.folder, file)), file);
  const given = readConfig(written);
  const values = withPlainHttp(plainValues(given), asked.texts("plain-http"));
  const failures = checkShape(providerConfig, values);
  if (failures.length > 0) throw unusable(failures);
  const pinned = pinnedConfig(values);
  if (pinned.failures.length > 0) throw unusable(pinned.failures);
  const whole = { ...values, ...pinned.changes };
  const found = await policyFailures(whole);
  if (found.length > 0) throw unusable(found);
  return { config: providerConfig.parse(whole), given };
}

/** The members for us: a file of our own, or the part of a stack file. */
function oursIn(values: Values, file: string): Values {
  const { config } = values;
  const all = isValues(config) ? config : values;
  const ours = Object.entries(all).filter(
    ([name]) => name.startsWith(prefix) || all === values,
  );
  const named = ours.map(([name, value]) => {
    if (isValues(value) && "secure" in value)
      throw misunderstood({
        what: `could not read the configuration of ${file}`,
        why: `${name} is encrypted, and only Pulumi can open it`,
        remedy:
          "give a file of its own with --config, with environment variables' names in place of secrets (passwordEnv)",
      });
    return [name.startsWith(prefix) ? name.slice(prefix.length) : name, value];
  });
  return Object.fromEntries(named);
}

function withPlainHttp(values: Values, hosts: readonly string[]): Values {
  if (hosts.length === 0) return values;
  const { registries } = values;
  const listed = Array.isArray(registries) ? registries : [];
  const hostOf = (entry: unknown) =>
    typeof entry === "object" && entry !== null && "host" in entry
      ? entry.host
      : undefined;
  const kept = listed.map((entry) =>
    isValues(entry) && hosts.some((host) => host === hostOf(entry))
      ? { ...entry, plainHttp: true }
      : entry,
  );
  const added = hosts
    .filter((host) => !listed.some((entry) => hostOf(entry) === host))
    .map((host) => ({ host, plainHttp: true }));
  return { ...values, registries: [...kept, ...added] };
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unusable(failures: readonly Failure[]) {
  return misunderstood({
    what: "the configuration cannot be used",
    why: reasonsOf(failures),
    remedy: "mend what --config or --plain-http names",
  });
}

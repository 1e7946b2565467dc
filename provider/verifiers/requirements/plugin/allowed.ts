import { matches } from "../../../mirror/select";
import { parseReference, repositoryOf } from "../../../oci/reference";
import type { Problem } from "../../problem";
import type { PluginInput } from "./settings";

/** Plugins of a policy that the provider does not let run; paths begin at the policy. A change of data alone must not run code. */
export function forbiddenPlugins(
  plugins: readonly Pick<PluginInput, "artifact">[] = [],
  allowed: readonly string[],
): readonly Problem[] {
  return plugins.flatMap(({ artifact }, i) => {
    const reference = parseReference(artifact);
    const repository = repositoryOf(reference);
    const isAllowed = allowed.some(
      (entry) => entry === reference.digest || matches(entry, repository),
    );
    if (isAllowed) return [];
    const reason = `names a plugin that the provider does not let run (PLUGIN_NOT_ALLOWED): add ${JSON.stringify(repository)}${reference.digest ? `, or ${JSON.stringify(reference.digest)},` : ""} to the provider's \`allowedPlugins\``;
    return [{ path: ["plugins", i, "artifact"], reason }];
  });
}

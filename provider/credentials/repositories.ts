import type { CloudRepositories } from "../mirror/repositories";
import { ecrRepositories } from "./aws/repositories";
import { longestMatches, narrowKey } from "./match";
import type { CredentialSettings } from "./settings";

/** Lists what clouds hold, as the identity that the provider's `credentials` log in with there; else by the cloud's own chain. */
export function cloudRepositories(
  given: readonly CredentialSettings[],
): CloudRepositories {
  const entries = given.map(
    (entry) => [narrowKey(entry.registry), entry] as const,
  );
  return {
    list: (registry, reach) => {
      const [match] = longestMatches(entries, registry);
      return ecrRepositories(registry, match?.[1].aws ?? {}, reach);
    },
  };
}

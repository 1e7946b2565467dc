import { hasUnknown, type Failure, type Value } from "../../mirror/lifecycle";
import { within } from "../../mirror/reach";
import type { Reach } from "../../mirror/ports";
import { textOf } from "../../mirror/textOf";
import { pinFiles } from "../../verifiers/material/pin";
import { forbiddenPlugins } from "../../verifiers/requirements/plugin/allowed";
import { examinePolicy } from "../../verifiers/examinePolicy";
import { policySchema } from "../../verifiers/policy";
import { propertyPath } from "../../verifiers/propertyPath";
import type { World } from "../world";

/** Check is serial in the engine: it may not wait long (engine.md §4). */
const askMs = 2000;
const silentKey = "trust material";

/** A policy as state may keep it: every file of trust material by its digest. Fails where a pattern does not compile or trust cannot be read; a shared policy was checked with the provider's configuration. */
export async function pinnedPolicy(
  world: Pick<World, "stores" | "memory" | "allowedPlugins">,
  policy: Value,
  reach: Reach,
): Promise<{ policy: Value; failures: readonly Failure[] }> {
  if (hasUnknown(policy)) return { policy, failures: [] };
  const { stores, memory, allowedPlugins } = world;
  const pinned = pinFiles(policySchema, policy);
  // what did not answer once is judged at its use, and asked no more in Check
  const reading = memory.silent.has(silentKey)
    ? undefined
    : {
        stores,
        reach: within(reach, askMs),
        onSilence: (why: Error) => memory.silent.set(silentKey, textOf(why)),
      };
  const problems =
    pinned.problems.length > 0
      ? pinned.problems
      : await examinePolicy(policySchema.parse(pinned.value), reading);
  const forbidden = forbiddenPlugins(
    policySchema.parse(policy).plugins,
    allowedPlugins,
  );
  const failures = [...problems, ...forbidden].map(({ path, reason }) => ({
    property: propertyPath(["policy", ...path]),
    reason,
  }));
  return { policy: pinned.value, failures };
}

import { MirrorError } from "../../mirror/errors";
import type { PolicyInput } from "../../verifiers/policy";
import type { World } from "../world";

/** The policy itself, where a resource names one of the provider's. */
export function policyOf(
  world: Pick<World, "policies">,
  policy: PolicyInput,
): PolicyInput {
  if (policy.use === undefined) return policy;
  const shared = Object.hasOwn(world.policies, policy.use)
    ? world.policies[policy.use]
    : undefined;
  if (shared) return shared;
  throw new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not find the policy",
    why: noSuchPolicy(world, policy.use),
    remedy: "add it to the provider's `policies`, or write the policy here",
  });
}

/** Says which policies there are instead. */
export function noSuchPolicy(
  { policies }: Pick<World, "policies">,
  name: string,
): string {
  return `the provider has no policy named "${name}"; it has ${Object.keys(policies).join(", ") || "none"}`;
}

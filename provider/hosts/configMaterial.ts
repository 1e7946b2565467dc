import type { Failure, Values } from "../mirror/lifecycle";
import type { Problem } from "../verifiers/problem";
import { pinFiles } from "../verifiers/material/pin";
import { examinePolicy } from "../verifiers/examinePolicy";
import { propertyPath } from "../verifiers/propertyPath";
import { providerConfig } from "./config";

/** The shared policies with the digest of every file of trust material; nothing where no file is named. Reads files, asks nobody. */
export function pinnedConfig(config: Values): {
  readonly changes: Values;
  readonly failures: readonly Failure[];
} {
  const { policies } = config;
  const pinned = pinFiles(providerConfig.shape.policies, policies);
  return {
    changes: pinned.value === policies ? {} : { policies: pinned.value },
    failures: pinned.problems.map((problem) => failureOf([], problem)),
  };
}

/** What is wrong with the shared policies of a configuration of the right shape: patterns, and trust that is at hand. Asks nobody. */
export async function policyFailures(
  config: Values,
): Promise<readonly Failure[]> {
  const { policies = {} } = providerConfig.parse(config);
  const found = await Promise.all(
    Object.entries(policies).map(async ([name, policy]) => {
      const problems = await examinePolicy(policy);
      return problems.map((problem) => failureOf([name], problem));
    }),
  );
  return found.flat();
}

function failureOf(
  above: readonly string[],
  { path, reason }: Problem,
): Failure {
  return { property: propertyPath(["policies", ...above, ...path]), reason };
}

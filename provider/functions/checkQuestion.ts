import type { ZodObject } from "zod";
import type { Failure, Value, Values } from "../mirror/lifecycle";
import type { Reach } from "../mirror/ports";
import { pinnedPolicy } from "../resources/judging/pinnedPolicy";
import { questionFailures } from "../resources/judging/questionFailures";
import type { World } from "../resources/world";
import { argumentFailures } from "./argumentFailures";

/** What is wrong with a question about an artifact; its policy, if it has one, with its files read. */
export async function checkQuestion(
  world: World,
  asked: { readonly inputs: ZodObject; readonly values: Values },
  reach: Reach,
): Promise<{ readonly policy?: Value; readonly failures: readonly Failure[] }> {
  const { inputs, values } = asked;
  const { policy } = values;
  const failures = argumentFailures(inputs, values);
  if (failures.length === 0)
    failures.push(...questionFailures(world, values, "repositories"));
  if (failures.length > 0 || policy === undefined) return { failures };
  return pinnedPolicy(world, policy, reach);
}

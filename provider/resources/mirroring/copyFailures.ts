import type { Failure, Values } from "../../mirror/lifecycle";
import {
  isUnverified,
  memberOf,
  type Floor,
} from "../judging/questionFailures";

/** A policy that judges needs its evidence at the destination, too. */
export function copyFailures(
  world: Floor,
  { policy, evidence }: Values,
): Failure[] {
  const reason =
    "`none` goes only with `policy.unverified`: the copy is judged again where it lies";
  const isJudged = typeof policy === "object" && !isUnverified(world, policy);
  return isJudged && memberOf(evidence, "copy") === "none"
    ? [{ property: "evidence.copy", reason }]
    : [];
}

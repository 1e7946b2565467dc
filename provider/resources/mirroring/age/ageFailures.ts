import type { Failure, Value, Values } from "../../../mirror/lifecycle";
import {
  isUnverified,
  memberOf,
  type Floor,
} from "../../judging/questionFailures";

/** What a cooldown's shape alone cannot tell. `at` is its path; unknown values are passed over. */
export function ageFailures(
  world: Floor,
  { minAge, policy }: { readonly minAge: Value; readonly policy: Value },
  at: string,
): Failure[] {
  const by = memberOf(minAge, "by");
  const failures: Failure[] = [];
  if (by === "signature" && isUnverified(world, policy))
    failures.push({
      property: `${at}.by`,
      reason:
        "`signature` goes by what satisfied the policy, and with `policy.unverified` nothing does: say `created` or `firstSeen`",
    });
  const isOther = by === "signature" || by === "created";
  if (isOther && memberOf(minAge, "onNew") !== undefined)
    failures.push({
      property: `${at}.onNew`,
      reason: "goes only with `by: firstSeen`",
    });
  return failures;
}

/** A new resource has seen nothing: by `firstSeen` it would have to wait, and what failed is remembered nowhere. */
export function newcomerFailures({ minAge }: Values): Failure[] {
  const by = memberOf(minAge, "by");
  const onNew = memberOf(minAge, "onNew");
  if (by !== "firstSeen" || (onNew !== undefined && onNew !== "refuse"))
    return [];
  return [
    {
      property: "minAge.onNew",
      reason:
        'a new resource has seen nothing yet, so nothing is old enough by `firstSeen`: say onNew: "admit" to let in what the source names now, or by: "created" or "signature"',
    },
  ];
}

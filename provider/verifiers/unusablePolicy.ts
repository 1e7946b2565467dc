import { MirrorError } from "../mirror/errors";
import type { Problem } from "./problem";
import { propertyPath } from "./propertyPath";

/** The error of a policy that cannot be used, at the property that is wrong. */
export function unusablePolicy(
  { path, reason }: Problem,
  remedy = "correct the policy",
): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not use the policy",
    why: `${propertyPath(["policy", ...path])} ${reason}`,
    remedy,
  });
}

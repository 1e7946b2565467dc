import type { Value } from "../../mirror/lifecycle";
import type { PolicyInput } from "../../verifiers/policy";
import { settingOf, type Entry } from "./entries";
import type { Problem } from "./problem";

/** Policies by name, the provider's and the file's. */
export type Policies = Readonly<Record<string, PolicyInput>>;

/** The policy that counts for an entry, as a resource takes it; a name must be that of a policy. */
export function policyFor(
  entry: Entry,
  policies: Policies,
): { readonly policy: Value } | Problem {
  const found = settingOf(entry, "policy");
  if (found === undefined) {
    const reason =
      "has no policy: write `policy` here, in its group or in `defaults`";
    return { path: entry.scopes[0].path, reason };
  }
  const { value, path } = found;
  if (typeof value !== "string") return { policy: value };
  if (Object.hasOwn(policies, value)) return { policy: { use: value } };
  const known = Object.keys(policies).join(", ") || "none";
  const reason = `there is no policy named ${JSON.stringify(value)}; there are: ${known}`;
  return { path, reason };
}

import type { Policy } from "../mirror/ports";
import { warningsOfAuthority } from "./authorities/catalog";
import type { PolicyContext } from "./context";
import { examineResolved, problemsIn } from "./examinePolicy";
import type { MaterialReading } from "./material/artifact";
import { resolveMaterials } from "./material/resolve";
import {
  askedBy,
  policyDigest,
  policySchema,
  type PolicyInput,
} from "./policy";
import { propertyPath } from "./propertyPath";
import { prepareRequirement } from "./requirements/prepareRequirement";
import { unusablePolicy } from "./unusablePolicy";

/** Loads the trust of a policy whose `use` the caller has resolved. Throws an `invalid` `MirrorError` that names the property. */
export async function preparePolicy(
  input: PolicyInput,
  context: PolicyContext,
): Promise<Policy> {
  const written = parsedPolicy(input);
  if (written.use !== undefined) {
    throw unusablePolicy({
      path: ["use"],
      reason: "names a shared policy that nobody has looked up",
    });
  }
  const policy = await resolvedPolicy(written, context);
  const [problem] = await examineResolved(policy);
  if (problem) throw unusablePolicy(problem);
  const requirements = await Promise.all(
    askedBy(policy).map((asked) => prepareRequirement(asked, context)),
  );
  const { unverified, coverage = "root" } = policy;
  return {
    digest: policyDigest(written),
    ...(unverified !== undefined && { unverified }),
    coverage,
    requirements,
  };
}

/** The policy with all its trust material at hand. */
async function resolvedPolicy(
  written: PolicyInput,
  reading: MaterialReading,
): Promise<PolicyInput> {
  const { value, problems, silent } = await resolveMaterials(
    policySchema,
    written,
    reading,
  );
  const [problem] = problems;
  if (problem) throw unusablePolicy(problem);
  if (silent) throw silent;
  return parsedPolicy(value);
}

function parsedPolicy(value: unknown): PolicyInput {
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [problem] = problemsIn(parsed.error);
  throw unusablePolicy(problem ?? { path: [], reason: "cannot be used" });
}

/** What of a policy's trust ends soon, in words; whoever cannot use the policy is told by `preparePolicy`. */
export async function policyWarnings(
  input: PolicyInput,
  reading: MaterialReading,
): Promise<readonly string[]> {
  const policy = await resolvedPolicy(parsedPolicy(input), reading);
  const now = reading.reach.now();
  return askedBy(policy).flatMap(({ by }) =>
    by.flatMap(({ path, input: authority }) =>
      warningsOfAuthority(authority, now).map(
        (problem) =>
          `${propertyPath(["policy", ...path, ...problem.path])} ${problem.reason}`,
      ),
    ),
  );
}

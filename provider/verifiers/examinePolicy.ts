import type { z } from "zod";
import type { MirrorError } from "../mirror/errors";
import { examineAuthority } from "./authorities/catalog";
import type { MaterialReading } from "./material/artifact";
import { materialsIn } from "./material/inPolicy";
import { isPlace } from "./material/place";
import { resolveMaterials } from "./material/resolve";
import { askedBy, policySchema, type PolicyInput } from "./policy";
import type { Problem } from "./problem";
import { everyKind } from "./requirements/catalog";

/** What is wrong with a policy of the right shape, found by loading its trust and compiling its patterns; paths begin at the policy. What lies elsewhere and does not answer is left for later. */
export async function examinePolicy(
  input: PolicyInput,
  reading?: MaterialReading & { onSilence(why: MirrorError): void },
): Promise<readonly Problem[]> {
  const resolved = await resolveMaterials(policySchema, input, reading);
  if (resolved.silent) reading?.onSilence(resolved.silent);
  if (resolved.problems.length > 0) return resolved.problems;
  const parsed = policySchema.safeParse(resolved.value);
  if (!parsed.success) return problemsIn(parsed.error);
  return isWhole(parsed.data) ? examineResolved(parsed.data) : [];
}

/** Whether all trust material is at hand. */
function isWhole(policy: PolicyInput): boolean {
  return !materialsIn(policySchema, policy).some(({ text }) => isPlace(text));
}

/** What a schema found wrong. */
export function problemsIn({ issues }: z.ZodError): readonly Problem[] {
  return issues.map(({ path, message }) => ({
    path: path.map((step) => (typeof step === "number" ? step : String(step))),
    reason: message,
  }));
}

/** The same of a policy whose trust material is all at hand. */
export async function examineResolved(
  policy: PolicyInput,
): Promise<readonly Problem[]> {
  const named = askedBy(policy).flatMap(({ by }) => by);
  const found = await Promise.all(
    named.map(async ({ path, input }) =>
      (await examineAuthority(input)).map((problem) => ({
        path: [...path, ...problem.path],
        reason: problem.reason,
      })),
    ),
  );
  const own = await Promise.all(
    everyKind.map(async (kind) => (await kind.examine?.(policy)) ?? []),
  );
  return [...found, ...own].flat();
}

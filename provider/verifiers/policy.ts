import { z } from "zod";
import { refuse } from "./refuse";
import { MirrorError } from "../mirror/errors";
import type { Policy, Requirement } from "../mirror/ports";
import { digestOf } from "../oci/digest";
import {
  canonicalAuthority,
  examineAuthority,
  prepareAuthority,
  warningsOfAuthority,
} from "./authorities/catalog";
import type { Problem } from "./problem";
import { canonicalJson } from "./canonicalJson";
import type { PolicyContext } from "./context";
import type { MaterialReading } from "./material/artifact";
import { materialsIn } from "./material/inPolicy";
import { isPlace } from "./material/place";
import { resolveMaterials } from "./material/resolve";
import { propertyPath } from "./propertyPath";
import { everyKind, requirementShape } from "./requirements/catalog";
import type { Asked } from "./requirements/kind";

/** What a user may write about who must have vouched. Assembled from the two catalogs; becomes the Pulumi type `Policy`. */
export const policySchema = z
  .strictObject({
    ...requirementShape,
    coverage: z
      .enum(["root", "platforms", "either"])
      .optional()
      .describe(
        "What must be covered of an index: its root (default), which covers whatever it names; each platform that is copied; or either.",
      ),
    unverified: z
      .string()
      .trim()
      .min(1, "must say why nothing is verified")
      .max(500)
      .optional()
      .describe(
        "Instead of all else: nothing is verified, for this reason. It stands in the diff, in state and in the output.",
      ),
    use: z
      .string()
      .min(1)
      .optional()
      .describe("Instead of all else: the provider's policy of this name."),
  })
  .superRefine((policy, refinement) => {
    for (const { path, reason } of problemsOf(policy)) {
      refuse(refinement, { path, message: reason });
    }
  })
  .meta({
    id: "Policy",
    description:
      "Who must have vouched for an artifact before it is let in. Every part must hold.",
  });

/** A policy as a user writes it. */
export type PolicyInput = z.infer<typeof policySchema>;

/** What every kind of requirement asks for. */
function askedBy(policy: PolicyInput): readonly Asked[] {
  return everyKind.flatMap((kind) => kind.ask(policy));
}

function problemsOf(policy: PolicyInput): readonly Problem[] {
  const words = Object.entries(policy)
    .filter(([, value]) => value !== undefined)
    .map(([word]) => word);
  for (const alone of ["unverified", "use"]) {
    const others = words.filter((word) => word !== alone);
    if (!words.includes(alone)) continue;
    if (others.length === 0) return [];
    const reason = `excludes every other word, but there is ${others.join(", ")}`;
    return [{ path: [alone], reason }];
  }
  const crossed = everyKind.flatMap((kind) => kind.problems(policy));
  return crossed.length > 0 ? crossed : emptiness(askedBy(policy));
}

function emptiness(asked: readonly Asked[]): readonly Problem[] {
  if (asked.length === 0) {
    const reason =
      'is empty: say who must have signed (signedBy, attestations, provenance), or why nothing is verified (unverified: "…")';
    return [{ path: [], reason }];
  }
  if (asked.some(({ blocks, proves }) => blocks && proves)) return [];
  const reason = asked.some(({ proves }) => proves)
    ? "blocks nothing that proves who vouched: what does is only a warning, so anything would come in"
    : "proves nothing by itself: plugins judge unsigned things, so add signedBy, attestations or provenance";
  return [{ path: [], reason }];
}

/** `sha256:` over the policy and its trust material, the embedded root included: equal for equal trust, however it was written. */
export function policyDigest(policy: PolicyInput): string {
  const plain = {
    version: 1,
    unverified: policy.unverified,
    use: policy.use,
    coverage: policy.coverage ?? "root",
    requirements: askedBy(policy).map(({ name, blocks, by, conditions }) => ({
      name,
      blocks,
      conditions,
      by: by.map(({ input }) => canonicalAuthority(input)),
    })),
  };
  return digestOf(Buffer.from(canonicalJson(plain)));
}

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

function problemsIn({ issues }: z.ZodError): readonly Problem[] {
  return issues.map(({ path, message }) => ({
    path: path.map((step) => (typeof step === "number" ? step : String(step))),
    reason: message,
  }));
}

async function examineResolved(
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

/** Loads the trust of a policy whose `use` the caller has resolved. Throws an `invalid` `MirrorError` that names the property. */
export async function preparePolicy(
  input: PolicyInput,
  context: PolicyContext,
): Promise<Policy> {
  const written = parsedPolicy(input);
  if (written.use !== undefined) {
    throw invalid(["use"], "names a shared policy that nobody has looked up");
  }
  const policy = await resolvedPolicy(written, context);
  const [problem] = await examineResolved(policy);
  if (problem) throw invalid(problem.path, problem.reason);
  const requirements = await Promise.all(
    askedBy(policy).map((asked) => prepare(asked, context)),
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
  if (problem) throw invalid(problem.path, problem.reason);
  if (silent) throw silent;
  return parsedPolicy(value);
}

function parsedPolicy(value: unknown): PolicyInput {
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [problem] = problemsIn(parsed.error);
  throw invalid(problem?.path ?? [], problem?.reason ?? "cannot be used");
}

async function prepare(
  asked: Asked,
  context: PolicyContext,
): Promise<Requirement> {
  const authorities = asked.by.map(({ path, input }) =>
    prepareAuthority(input, { ...context, name: propertyPath(path) }),
  );
  return asked.make(await Promise.all(authorities), context);
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

function invalid(path: readonly PropertyKey[], reason: string): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not use the policy",
    why: `${propertyPath(["policy", ...path])} ${reason}`,
    remedy: "correct the policy",
  });
}

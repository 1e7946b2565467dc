import { z } from "zod";
import { digestOf } from "../oci/digest";
import { canonicalAuthority } from "./authorities/catalog";
import { canonicalJson } from "./canonicalJson";
import type { Problem } from "./problem";
import { refuse } from "./refuse";
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
export function askedBy(policy: PolicyInput): readonly Asked[] {
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
    ? "blocks nothing that proves who vouched: what does is only a warning, so anything would come in; let one signature, attestation or provenance block, or write `unverified` with the reason"
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

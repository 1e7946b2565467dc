import { MirrorError } from "./errors";
import type { Artifact } from "./graph";
import type { Discovered } from "./discover";
import type {
  EvidenceManifest,
  Judged,
  Node,
  Policy,
  Reach,
  Source,
  Verdict,
} from "./ports";
import { refusal } from "./refusal";

declare const admitted: unique symbol;

/** An artifact that the policy let in. Made only by `admit`; only this can be planned. */
export interface Admitted {
  readonly [admitted]: true;
  /** as the user named it, with the digest */
  readonly reference: string;
  readonly artifact: Artifact;
  readonly verdicts: readonly Verdict[];
  readonly policy: Policy;
}

/** What was judged, where it was read, and by what. */
export interface Case {
  readonly place: Source;
  /** as the user named it, with the digest that was judged */
  readonly reference: string;
  readonly artifact: Artifact;
  readonly discovered: Discovered;
  readonly policy: Policy;
}

/** Every requirement's answer; each sees only evidence about the artifact's root. */
export async function verify(
  { place, reference, artifact, discovered, policy }: Case,
  reach: Reach,
): Promise<readonly Verdict[]> {
  const { root: node } = artifact;
  const root: Judged = {
    place,
    reference,
    node,
    evidence: discovered.evidence,
    inside: [],
    referrers: evidenceAbout(node, discovered.manifests),
  };
  return Promise.all(
    policy.requirements.map((requirement) => requirement.judge(root, reach)),
  );
}

/** What is about a manifest, and about such evidence; discovery lists each after what it is about. */
function evidenceAbout(
  { descriptor }: Node,
  manifests: readonly EvidenceManifest[],
): readonly EvidenceManifest[] {
  const known = new Set([descriptor.digest]);
  return manifests.filter(
    ({ subject, node }) =>
      known.has(subject.digest) && known.add(node.descriptor.digest),
  );
}

/** The door. Throws `refused`, with everything that was looked at, unless each blocking requirement passed. */
export function admit(judged: Case, verdicts: readonly Verdict[]): Admitted {
  const { artifact, policy, place, reference } = judged;
  if (opens(policy, verdicts))
    return { reference, artifact, verdicts, policy } as Admitted;
  throw new MirrorError({
    fault: "refused",
    code: "REFUSED",
    ...refusal(judged, verdicts),
    where: { side: place.side, reference },
  });
}

/** What the verdicts come to: only `verified` and `unverified` let anything in. */
export function outcomeOf(
  policy: Policy,
  verdicts: readonly Verdict[],
): "verified" | "unverified" | "refused" | "inconclusive" {
  if (opens(policy, verdicts)) {
    return policy.unverified === undefined ? "verified" : "unverified";
  }
  const against = verdicts.filter(
    ({ blocks, outcome }) => blocks && outcome !== "passed",
  );
  const isUnasked =
    against.length > 0 &&
    against.every(({ outcome }) => outcome === "inconclusive");
  return isUnasked ? "inconclusive" : "refused";
}

/** Without a reason written down, something that blocks and proves who vouched must have passed. */
function opens(policy: Policy, verdicts: readonly Verdict[]): boolean {
  const { requirements, unverified } = policy;
  const answered = verdicts.map(({ requirement }) => requirement);
  const isComplete =
    requirements.length === answered.length &&
    requirements.every(({ name }) => answered.includes(name));
  if (!isComplete) return false;
  if (unverified !== undefined) return requirements.length === 0;
  const blocking = requirements.filter(({ blocks }) => blocks);
  const hasPassed = (name: string) =>
    verdicts.every(
      ({ requirement, outcome }) =>
        requirement !== name || outcome === "passed",
    );
  return (
    blocking.some(({ proves }) => proves) &&
    blocking.every(({ name }) => hasPassed(name))
  );
}

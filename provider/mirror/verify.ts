import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { judgeCovered } from "./coverage";
import type { Discovered } from "./discover";
import type { Ignored } from "./evidenceLayers";
import { MirrorError } from "./errors";
import type { Artifact } from "./graph";
import { partsOf } from "./inside";
import type {
  EvidenceManifest,
  Judged,
  Node,
  Policy,
  Reach,
  Source,
  Verdict,
} from "./ports";
import { isUnasked, refusal } from "./refusal";

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

/** Every requirement's answer, about the root or about each part, as the policy's `coverage` has it. */
export async function verify(
  judged: Case,
  reach: Reach,
): Promise<readonly Verdict[]> {
  const { artifact, policy } = judged;
  const { coverage, requirements } = policy;
  const root = { ...judgedOf(artifact.root, judged), inside: [] };
  const parts = partsOf(artifact).map(({ name, node }) => ({
    name,
    judged: judgedOf(node, judged),
  }));
  const verdicts = await Promise.all(
    requirements.map((requirement) =>
      judgeCovered(requirement, { root, parts }, { coverage, reach }),
    ),
  );
  const unlisted = judged.discovered.ignored.find(
    ({ code }) => code === "UNLISTED",
  );
  if (!unlisted) return verdicts;
  const needAll = requirements.filter(({ needsAll }) => needsAll);
  return verdicts.map((verdict) => {
    const isPart = needAll.some(({ name }) => name === verdict.requirement);
    return verdict.outcome === "failed" || isPart
      ? unsure(verdict, unlisted)
      : verdict;
  });
}

/** Where a list was denied, nothing that was missed is absent: "could not ask" is never "not there". */
function unsure(verdict: Verdict, { code, reason: why }: Ignored): Verdict {
  const said = verdict.outcome === "failed" ? verdict.reason : "met so far";
  const reason = `${said} (${verdict.code}), and there may be more that could not be listed: ${why}`;
  return { ...verdict, outcome: "inconclusive", code, reason };
}

/** One manifest, with all that was found about it. */
function judgedOf(node: Node, { place, reference, discovered }: Case): Judged {
  const isAbout = (one: { readonly subject: Descriptor }) =>
    one.subject.digest === node.descriptor.digest;
  return {
    place,
    reference,
    node,
    evidence: discovered.evidence.filter(isAbout),
    inside: discovered.inside.filter(({ statement }) => isAbout(statement)),
    referrers: allAbout(node.descriptor.digest, discovered.manifests),
  };
}

/** Evidence about a manifest, and evidence about that evidence; each comes after what it is about. */
function allAbout(
  digest: Digest,
  manifests: readonly EvidenceManifest[],
): EvidenceManifest[] {
  const known = new Set([digest]);
  return manifests.filter(
    ({ subject, node }) =>
      known.has(subject.digest) && known.add(node.descriptor.digest),
  );
}

/** The door. Throws `refused`, with everything that was looked at, unless each blocking requirement passed. */
export function admit(judged: Case, verdicts: readonly Verdict[]): Admitted {
  const { artifact, policy, place, reference } = judged;
  if (isLetIn(policy, verdicts))
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
  if (isLetIn(policy, verdicts)) {
    return policy.unverified === undefined ? "verified" : "unverified";
  }
  const against = verdicts.filter(
    ({ blocks, outcome }) => blocks && outcome !== "passed",
  );
  return isUnasked(against) ? "inconclusive" : "refused";
}

/** Without a reason written down, something that blocks and proves who vouched must have passed. */
export function isLetIn(policy: Policy, verdicts: readonly Verdict[]): boolean {
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

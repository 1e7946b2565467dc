import type { Digest } from "../../oci/digest";
import type { Discovered, Search } from "../../mirror/discover";
import type { Way } from "../../mirror/listing";
import type {
  EvidenceManifest,
  Policy,
  Reach,
  Source,
  Verdict,
} from "../../mirror/ports";
import { readNode, walk } from "../../mirror/graph";
import { resolve } from "../../mirror/resolve";
import { select } from "../../mirror/select";
import { admit, isLetIn, type Admitted, type Case } from "../../mirror/verify";
import {
  assess,
  assessCopy,
  makeCopyReady,
  makeReady,
  type AssessedSource,
  type Places,
  type Question,
  type Ready,
} from "../judging/assess";
import type { World } from "../world";
import { policyOf } from "../judging/sharedPolicy";
import type { Wish } from "./wish";

/** An artifact that was read at its source and let in. */
export interface Examined {
  readonly source: Source;
  readonly places: Places;
  readonly discovered: Discovered;
  readonly admitted: Admitted;
  /** the evidence to copy */
  readonly chosen: readonly EvidenceManifest[];
}

/** One policy that judges many artifacts of one repository, and their copies in another: its trust is loaded once. */
export interface Bench {
  readonly atSource: Ready;
  readonly atCopy: Policy;
}

/** Loads the trust of a policy for all that comes from one repository into another. */
export async function openBench(
  world: World,
  wish: Pick<Wish, "source" | "policy">,
  at: { readonly reach: Reach; readonly copy: Source },
): Promise<Bench> {
  const policy = policyOf(world, wish.policy);
  const question = { source: wish.source, policy };
  const atSource = await makeReady(world, question, at.reach);
  return { atSource, atCopy: await makeCopyReady(world, question, at) };
}

/** What is asked about one artifact. */
export interface Asking {
  readonly digest?: Digest | undefined;
  readonly reach: Reach;
  readonly bench?: Bench | undefined;
}

/** Reads the artifact and its evidence where it comes from, and judges it. Reads only; throws what the policy refuses. */
export async function examine(
  world: World,
  wish: Wish,
  asking: Asking,
): Promise<Examined & Pick<AssessedSource, "warnings">> {
  return letIn(await assessWish(world, wish, asking), wish);
}

/** The same, where a no is an answer. */
export async function judge(
  world: World,
  wish: Wish,
  asking: Asking,
): Promise<Judgement> {
  const assessed = await assessWish(world, wish, asking);
  const { case: judged, verdicts } = assessed;
  return isLetIn(judged.policy, verdicts)
    ? { outcome: "admitted", examined: letIn(assessed, wish) }
    : { outcome: "refused", judged, verdicts };
}

/** What the policy says of an artifact that was read. */
export type Judgement =
  | { readonly outcome: "admitted"; readonly examined: Examined }
  | {
      /** or it could not be judged, where all that is against it is inconclusive */
      readonly outcome: "refused";
      readonly judged: Case;
      readonly verdicts: readonly Verdict[];
    };

function assessWish(
  world: World,
  wish: Wish,
  { bench, ...asking }: Asking,
): Promise<AssessedSource> {
  const ready = bench?.atSource;
  return assess(world, questionOf(world, wish), { ...asking, ready });
}

/** The door, and the evidence that comes along. */
function letIn(
  { case: judged, verdicts, places, warnings }: AssessedSource,
  wish: Wish,
): Examined & Pick<AssessedSource, "warnings"> {
  const admitted = admit(judged, verdicts);
  const { discovered } = judged;
  const chosen = select(admitted, discovered, wish.evidence);
  return { source: places[0], places, discovered, admitted, chosen, warnings };
}

/** Judges a digest where it lies at the destination, with nothing but what lies there; throws what the policy refuses. */
export async function prove(
  world: World,
  copy: Source,
  wanted: {
    readonly wish: Wish;
    readonly digest: Digest;
    readonly reach: Reach;
    readonly bench?: Bench | undefined;
  },
): Promise<Admitted> {
  const { wish, digest, reach, bench } = wanted;
  const { platforms, destination: reference } = wish;
  const root = await resolve(copy, digest, reach);
  const artifact = await walk(copy, root, { platforms, reach });
  const at = { copy, reference, artifact, reach, policy: bench?.atCopy };
  const assessed = await assessCopy(world, questionOf(world, wish), at);
  return admit(assessed.case, assessed.verdicts);
}

/** The same for what this very run has put there: the root is read, which binds its children, and the evidence, first where it satisfied the policy. */
export async function proveCopy(
  world: World,
  copy: Source,
  wanted: {
    readonly wish: Wish;
    readonly examined: Examined;
    readonly reach: Reach;
    readonly bench?: Bench | undefined;
  },
): Promise<Admitted> {
  const { wish, examined, reach, bench } = wanted;
  const { artifact } = examined.admitted;
  const question = questionOf(world, wish);
  const reference = wish.destination;
  const at = { copy, reference, artifact, reach, policy: bench?.atCopy };
  const { requirements } = examined.admitted.policy;
  if (requirements.length > 0)
    await readNode(copy, artifact.root.descriptor, reach);
  const only = whereItHangs(examined);
  const brief = only && (await assessCopy(world, question, { ...at, only }));
  const isIn = brief && isLetIn(brief.case.policy, brief.verdicts);
  const assessed = isIn ? brief : await assessCopy(world, question, at);
  return admit(assessed.case, assessed.verdicts);
}

/** Where the evidence hangs that satisfied the policy, and the referrers there in any case; `undefined` where more of it could turn a yes into a no. */
function whereItHangs({
  admitted,
  discovered,
}: Examined): NonNullable<Search["only"]> | undefined {
  const { policy, verdicts } = admitted;
  if (policy.requirements.some(({ needsAll }) => needsAll)) return undefined;
  const needed = new Set(verdicts.flatMap(({ reliedOn }) => reliedOn));
  const only = new Map<Digest, Set<Way>>();
  for (const { node, subject, via } of discovered.manifests.toReversed()) {
    if (via === "child" || !needed.has(node.descriptor.digest)) continue;
    needed.add(subject.digest); // evidence about evidence
    const ways = only.get(subject.digest) ?? new Set<Way>(["referrer"]);
    only.set(subject.digest, ways.add(via));
  }
  return only;
}

function questionOf(world: World, wish: Wish): Question {
  const { source, written, sourceName, platforms, evidence, policy } = wish;
  return {
    source,
    written,
    sourceName,
    platforms,
    repositories: evidence.repositories,
    wantsEvidence: evidence.copy !== "none",
    policy: policyOf(world, policy),
  };
}

import type { Digest } from "../../oci/digest";
import type { Platform } from "../../oci/platform";
import {
  formatReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import { discover, type Search } from "../../mirror/discover";
import { walk, type Artifact } from "../../mirror/graph";
import type { Policy, Reach, Source, Verdict } from "../../mirror/ports";
import { resolve } from "../../mirror/resolve";
import { judgesOf } from "../../mirror/toJudge";
import { verify, type Case } from "../../mirror/verify";
import type { PolicyContext } from "../../verifiers/context";
import { type PolicyInput } from "../../verifiers/policy";
import { policyWarnings, preparePolicy } from "../../verifiers/preparePolicy";
import type { World } from "../world";

/** Which artifact is asked about, and what is demanded of it. */
export interface Question {
  readonly source: Reference;
  /** as the user wrote it */
  readonly written: string;
  /** what is resolved when no digest is known: the source's digest, else its tag */
  readonly sourceName: string;
  readonly platforms: readonly Platform[];
  /** further places of evidence */
  readonly repositories: readonly Reference[];
  /** whether evidence is of use beyond the policy */
  readonly wantsEvidence: boolean;
  /** a shared one was looked up */
  readonly policy: PolicyInput;
}

/** An artifact that was read, and every requirement's answer about it. Nothing is let in by this. */
export interface Assessed {
  readonly case: Case;
  readonly verdicts: readonly Verdict[];
}

/** The same at its source. */
export interface AssessedSource extends Assessed {
  readonly places: Places;
  /** trust that ends soon, in words */
  readonly warnings: readonly string[];
}

/** A policy with its trust at hand, to judge at a source. */
export interface Ready {
  readonly policy: Policy;
  /** trust that ends soon, in words */
  readonly warnings: readonly string[];
}

/** Where evidence is looked for; the artifact's own place first. */
export type Places = readonly [Source, ...Source[]];

/** Reads an artifact and its evidence where it comes from, and judges it. Reads only. */
export async function assess(
  world: World,
  question: Question,
  call: {
    readonly digest?: Digest | undefined;
    readonly reach: Reach;
    /** where many are judged by one policy */
    readonly ready?: Ready | undefined;
  },
): Promise<AssessedSource> {
  const { reach } = call;
  const source = world.stores.open(question.source, "source");
  const places = placesOf(world, source, question.repositories);
  const ready = call.ready ?? (await makeReady(world, question, reach));
  const { policy, warnings } = ready;
  const seen = world.memory.sources.get(question.written);
  const root =
    seen && seen.digest === call.digest
      ? seen
      : await resolve(source, call.digest ?? question.sourceName, reach);
  const { platforms } = question;
  const artifact = await walk(source, root, { platforms, reach });
  const isUseless = !question.wantsEvidence && policy.requirements.length === 0;
  const only = isUseless ? { only: new Map() } : {};
  const asked = { policy, artifact, reference: question.source, ...only };
  const assessed = await judge(places, asked, reach);
  return { ...assessed, places, warnings };
}

/** Judges a copy where it lies at the destination: its evidence is read there, and nothing of it is taken from the source. */
export async function assessCopy(
  world: World,
  question: Question,
  at: {
    readonly copy: Source;
    readonly reference: Reference;
    /** as it was read at its source and written here */
    readonly artifact: Artifact;
    /** where its evidence hangs; absent where all of it is wanted */
    readonly only?: Search["only"];
    readonly reach: Reach;
    /** where many are judged by one policy */
    readonly policy?: Policy | undefined;
  },
): Promise<Assessed> {
  const { copy, reference, artifact, only, reach } = at;
  const policy = at.policy ?? (await makeCopyReady(world, question, at));
  const asked = { policy, artifact, reference, ...(only && { only }) };
  return judge([copy], asked, reach);
}

/** Loads the policy's trust, to judge at the source. */
export async function makeReady(
  world: World,
  question: Pick<Question, "source" | "policy">,
  reach: Reach,
): Promise<Ready> {
  const context = contextOf(world, question, { reach });
  const policy = await preparePolicy(question.policy, context);
  const warnings = await policyWarnings(question.policy, context);
  return { policy, warnings };
}

/** The same to judge at a copy. */
export function makeCopyReady(
  world: World,
  question: Pick<Question, "source" | "policy">,
  at: { readonly reach: Reach; readonly copy: Source },
): Promise<Policy> {
  return preparePolicy(question.policy, contextOf(world, question, at));
}

/** Where evidence about a source is looked for: beside it, and in the further repositories. */
export function placesOf(
  world: World,
  source: Source,
  repositories: readonly Reference[],
): Places {
  const further = repositories.map((place) =>
    world.stores.open(place, "source"),
  );
  return [source, ...further];
}

/** A copy's signatures that name a repository name the source's. */
function contextOf(
  { stores, trustRefresh, allowedPlugins }: World,
  { source }: Pick<Question, "source">,
  { reach, copy }: { readonly reach: Reach; readonly copy?: Source },
): PolicyContext {
  const repository = repositoryOf(source);
  const copied = copy && { copy: copy.repository };
  return {
    repository,
    ...copied,
    reach,
    stores,
    trustRefresh,
    allowedPlugins,
  };
}

async function judge(
  places: Places,
  asked: {
    readonly policy: Policy;
    readonly artifact: Artifact;
    readonly reference: Reference;
    readonly only?: NonNullable<Search["only"]>;
  },
  reach: Reach,
): Promise<Assessed> {
  const { policy, artifact, ...at } = asked;
  const search = { places, ...judgesOf(policy), reach };
  const only = at.only && { only: at.only };
  const discovered = await discover(artifact, { ...search, ...only });
  const { digest } = artifact.root.descriptor;
  const reference = formatReference({ ...at.reference, digest });
  const judged = { place: places[0], reference, artifact, discovered, policy };
  return { case: judged, verdicts: await verify(judged, reach) };
}

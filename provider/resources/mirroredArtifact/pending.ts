import {
  hasUnknown,
  type Change,
  type Desired,
  type Values,
} from "../../mirror/lifecycle";
import { policyDigest } from "../../verifiers/policy";
import type { World } from "../world";
import { inputs as shape } from "./inputs";
import { verifierEpoch, type Report } from "../judging/reportShape";
import type { Outputs } from "./outputs";
import { readState } from "./state";
import { policyOf } from "../judging/sharedPolicy";
import {
  differences,
  referenceDifference,
  update,
} from "../mirroring/differences";

/** Inputs that are compared member by member with what was declared before. */
const declared = [
  "policy",
  "platforms",
  "evidence",
  "minAge",
  "onRefused",
  "onSourceUnavailable",
  "onDelete",
  "reverify",
] as const;

/** Pure: what differs between what is declared and what is remembered. Credentials are no input, so they never count. */
export function pending(
  world: World,
  desired: Desired & { readonly state: Values },
): readonly Change[] {
  const state = readState(desired.state);
  const { inputs: news, oldInputs = {} } = desired;
  const changes = [
    ...referenceDifference("source", {
      old: oldInputs.source ?? state.source,
      now: news.source,
      kind: "update",
    }),
    ...referenceDifference("destination", {
      old: state.destination,
      now: news.destination,
      kind: "update-replace",
    }),
    ...(news.digest === undefined || news.digest === state.digest
      ? []
      : [update("digest")]),
    ...declared.flatMap((name) =>
      differences([name], oldInputs[name], news[name]),
    ),
  ];
  return [...changes, ...staleness(world, { state, news, changes })];
}

/** What has to be done though nothing that was declared differs. */
function staleness(
  world: World,
  {
    state,
    news,
    changes,
  }: {
    readonly state: Outputs;
    readonly news: Values;
    readonly changes: readonly Change[];
  },
): Change[] {
  const evidence = state.attached?.pending.length
    ? [update("attached.pending")]
    : [];
  if (changes.some(({ path }) => path.startsWith("policy"))) return evidence;
  const { verification } = state;
  if (!verification) return [...evidence, update("verification")];
  return [...evidence, ...judgement(world, verification, news)];
}

/** Why the verdict has to be made again. The path names the member that says so: the CLI shows it as the thing that goes. */
function judgement(
  world: World,
  { stale, verifierEpoch: epoch, policyDigest: known }: Report,
  news: Values,
): Change[] {
  if (stale !== undefined) return [update("verification.stale")];
  if (epoch !== verifierEpoch) return [update("verification.verifierEpoch")];
  const isOther = !hasUnknown(news.policy) && digestNow(world, news) !== known;
  return isOther ? [update("verification.policyDigest")] : [];
}

function digestNow(world: World, news: Values): string {
  return policyDigest(policyOf(world, shape.shape.policy.parse(news.policy)));
}

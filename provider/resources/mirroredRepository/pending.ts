import {
  hasUnknown,
  type Change,
  type Desired,
  type Value,
  type Values,
} from "../../mirror/lifecycle";
import { policyDigest } from "../../verifiers/policy";
import { propertyPath } from "../../verifiers/propertyPath";
import { verifierEpoch } from "../judging/reportShape";
import { policyOf } from "../judging/sharedPolicy";
import {
  differences,
  referenceDifference,
  update,
} from "../mirroring/differences";
import type { World } from "../world";
import { inputs as shape } from "./inputs";
import type { Outputs } from "./outputs";
import { readState } from "./state";

/** Inputs that are compared member by member with what was declared before. */
const declared = [
  "tags",
  "rename",
  "policy",
  "platforms",
  "evidence",
  "replaceTag",
  "prune",
  "maxPrune",
  "onRefused",
  "onSourceUnavailable",
  "onDelete",
  "reverify",
] as const;
/** Beyond this, a preview names the whole and not each of them. */
const maxPaths = 20;

/** Pure: what differs between what is declared and what is remembered, tag by tag. */
export function pending(
  world: World,
  desired: Desired & { readonly state: Values },
): readonly Change[] {
  const state = readState(desired.state);
  const { inputs: news, oldInputs = {} } = desired;
  return [
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
    ...digestChanges(state, { news, oldInputs }),
    ...declared.flatMap((name) =>
      differences([name], oldInputs[name], news[name]),
    ),
    ...staleness(world, state, { news, oldInputs }),
  ];
}

interface Declarations {
  readonly news: Values;
  readonly oldInputs: Values;
}

/** Tags that come, move, or are pruned: those that Check has just taken out, and that are ours. */
function digestChanges(
  { digests: there }: Outputs,
  { news, oldInputs }: Declarations,
): Change[] {
  if (news.digests === undefined) return [];
  if (hasUnknown(news.digests)) return [update("digests")];
  const wanted = membersOf(news.digests);
  const known = new Map(Object.entries(there));
  const coming = [...wanted].flatMap(([tag, digest]): Change[] => {
    const now = known.get(tag);
    if (now === digest) return [];
    const path = propertyPath(["digests", tag]);
    const kind = now === undefined ? "add" : "update";
    return [{ path, kind, inputDiff: false }];
  });
  if (news.prune !== "untag") return coming;
  const going = [...membersOf(oldInputs.digests).keys()]
    .filter((tag) => known.has(tag) && !wanted.has(tag))
    .map((tag): Change => {
      const path = propertyPath(["digests", tag]);
      return { path, kind: "delete", inputDiff: false };
    });
  return [...coming, ...going];
}

/** The members of an object, by name. */
function membersOf(value: Value): ReadonlyMap<string, Value> {
  return new Map(typeof value === "object" ? Object.entries(value) : []);
}

/** What has to be judged again though nothing that was declared differs. */
function staleness(
  world: World,
  state: Outputs,
  { news, oldInputs }: Declarations,
): Change[] {
  const waiting = Object.keys(state.pending);
  const named = waiting.map((tag) => update(propertyPath(["pending", tag])));
  const again = waiting.length > maxPaths ? [update("pending")] : named;
  const isNew = differences(["policy"], oldInputs.policy, news.policy);
  if (isNew.length > 0 || Object.keys(state.digests).length === 0) return again;
  return [...again, ...judgement(world, state, news)];
}

/** Why all verdicts have to be made again, or some are missing. */
function judgement(world: World, state: Outputs, news: Values): Change[] {
  const { verifierEpoch: epoch, policyDigest: known, verdicts } = state;
  const judged = new Map(Object.entries(verdicts));
  const isBare = Object.entries(state.digests).some(
    ([tag, digest]) => judged.get(tag)?.digest !== digest,
  );
  if (isBare) return [update("verdicts")];
  if (epoch !== verifierEpoch) return [update("verifierEpoch")];
  if (hasUnknown(news.policy)) return [];
  const policy = policyOf(world, shape.shape.policy.parse(news.policy));
  return policyDigest(policy) === known ? [] : [update("policyDigest")];
}

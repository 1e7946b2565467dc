import { formatReference, parseReference } from "../../oci/reference";
import {
  hasUnknown,
  type Change,
  type Desired,
  type Value,
  type Values,
} from "../../mirror/lifecycle";
import { policyDigest } from "../../verifiers/policy";
import { propertyPath } from "../../verifiers/propertyPath";
import type { World } from "../world";
import { inputs as shape } from "./inputs";
import { verifierEpoch, type Report } from "../judging/reportShape";
import type { Outputs } from "./outputs";
import { readState } from "./state";
import { policyOf } from "../judging/sharedPolicy";

/** Inputs that are compared member by member with what was declared before. */
const declared = [
  "policy",
  "platforms",
  "evidence",
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
    ...reference("source", {
      old: oldInputs.source ?? state.source,
      now: news.source,
      kind: "update",
    }),
    ...reference("destination", {
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

const update = (path: string): Change => ({
  path,
  kind: "update",
  inputDiff: false,
});

function reference(
  path: string,
  { old, now, kind }: { old: Value; now: Value; kind: Change["kind"] },
): Change[] {
  if (old === now) return [];
  const same =
    typeof old === "string" &&
    typeof now === "string" &&
    canonical(old) === canonical(now);
  return same ? [] : [{ path, kind, inputDiff: false }];
}

const canonical = (text: string) => formatReference(parseReference(text));

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

/** Compares two input values and names each place where they differ. */
function differences(
  steps: readonly PropertyKey[],
  old: Value,
  now: Value,
): Change[] {
  const path = propertyPath(steps);
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [{ path, kind: "add", inputDiff: true }];
  if (now === undefined) return [{ path, kind: "delete", inputDiff: true }];
  if (
    typeof old !== "object" ||
    typeof now !== "object" ||
    Array.isArray(old) !== Array.isArray(now)
  ) {
    return old === now ? [] : [{ path, kind: "update", inputDiff: true }];
  }
  const [before, after] = [Object.entries(old), Object.entries(now)].map(
    (entries) => new Map<string, Value>(entries),
  );
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.flatMap((name) =>
    differences(
      [...steps, Array.isArray(now) ? Number(name) : name],
      before?.get(name),
      after?.get(name),
    ),
  );
}

import { repositoryOf } from "../../../oci/reference";
import { textOf } from "../../../mirror/textOf";
import { printable } from "../../../mirror/printable";
import { verifierEpoch } from "../../judging/reportShape";
import { differences } from "../../mirroring/differences";
import type { Candidate } from "../../mirroring/age/candidateOutput";
import { stateVersion, type Outputs } from "../outputs";
import { candidateOf } from "./withoutAsking";
import { those, type Work } from "./work";

const maxReason = 200;

/** The state after the work, or the one that it would leave. */
export function remember(work: Work): Outputs {
  const { turn, frame } = work;
  const { given, destination } = turn.intent;
  const digests = digestsAfter(work);
  const verdicts = new Map(turn.remembered.verdicts);
  for (const { task, outcome } of those(work, "admitted"))
    verdicts.set(task.tag, outcome.verdict);
  const refused = those(work, "refused").map(
    ({ task, outcome }) => [task.tag, outcome.refusal] as const,
  );
  const candidates = candidatesAfter(work);
  return {
    source: given.source,
    destination: given.destination,
    repository: repositoryOf(destination),
    digests: Object.fromEntries(digests),
    verdicts: Object.fromEntries(
      [...verdicts].filter(([tag]) => digests.has(tag)),
    ),
    ...(refused.length > 0 && { refused: Object.fromEntries(refused) }),
    ...(candidates.size > 0 && { candidates: Object.fromEntries(candidates) }),
    selection: countsOf(work, digests.size),
    policyDigest: frame.policyDigest,
    verifierEpoch,
    pending: Object.fromEntries(pendingAfter(work, digests)),
    onDelete: given.onDelete ?? "keep",
    version: stateVersion,
  };
}

/** What is still there of what was mirrored, and what came in. */
function digestsAfter(work: Work): Map<string, string> {
  const { turn, frame, pruned } = work;
  const digests = new Map(turn.remembered.digests);
  for (const tag of digests.keys()) {
    const isGone = frame.destination?.has(tag) === false;
    if (isGone || pruned.gone.has(tag) || pruned.left.has(tag))
      digests.delete(tag);
  }
  for (const { task, outcome } of those(work, "admitted"))
    digests.set(task.tag, outcome.verdict.digest);
  return new Map([...digests].flatMap((named) => letIn(work, named)));
}

/** Nobody is told to use what somebody else put there: a tag that was let in keeps that digest, another one is not ours. */
function letIn(
  { turn, outcomes }: Work,
  [tag, digest]: readonly [string, string],
): (readonly [string, string])[] {
  const outcome = outcomes.get(tag);
  if (outcome?.kind === "admitted") return [[tag, digest]];
  const admitted = turn.remembered.verdicts.get(tag)?.digest;
  if (admitted !== undefined) return [[tag, admitted]];
  // imported, and nobody could say no yet
  return outcome?.kind === "failed" ? [[tag, digest]] : [];
}

/** What waits: as seen now, and for the mirrored tags that stay as they are, as seen by Read. */
function candidatesAfter(work: Work): ReadonlyMap<string, Candidate> {
  const { turn, frame } = work;
  const candidates = new Map<string, Candidate>();
  if (turn.intent.given.tags.minAge === undefined) return candidates;
  for (const { task } of those(work, "settled")) {
    const candidate = candidateOf(turn, frame, task.tag);
    if (candidate && candidate.digest !== task.known)
      candidates.set(task.tag, candidate);
  }
  for (const { task, outcome } of those(work, "waiting"))
    candidates.set(task.tag, outcome.candidate);
  return candidates;
}

function countsOf(work: Work, mirrored: number): Outputs["selection"] {
  const { turn, frame } = work;
  const { chosen, dropped } = frame.selection;
  const before = turn.state?.selection;
  const choice =
    frame.source === undefined || frame.isFrozen
      ? before
      : {
          listed: frame.source.length,
          chosen: chosen.size,
          dropped: { ...dropped },
        };
  return {
    listed: 0,
    chosen: 0,
    dropped: {},
    ...choice,
    mirrored,
    refused: those(work, "refused").length,
    waiting: those(work, "waiting").length,
    occupied: those(work, "occupied").length,
  };
}

/** What the next run has to see to, though nothing that is declared differs. */
function pendingAfter(
  work: Work,
  digests: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const { turn, pruned, outcomes } = work;
  const pending = new Map<string, string>();
  for (const tag of digests.keys()) {
    const why = outcomes.has(tag) ? undefined : unjudged(work, tag);
    if (why !== undefined) pending.set(tag, why);
  }
  for (const { task, outcome } of those(work, "failed"))
    pending.set(task.tag, printable(textOf(outcome.error), maxReason));
  if (turn.intent.given.onRefused !== "keep") {
    for (const { task, outcome } of those(work, "refused"))
      pending.set(task.tag, `refused: ${outcome.refusal.code}`);
  }
  for (const [tag, error] of pruned.failed)
    pending.set(tag, printable(textOf(error), maxReason));
  return pending;
}

/** Why a mirrored tag that was not a task of this run has to be judged by the next. */
function unjudged({ turn, frame }: Work, tag: string): string | undefined {
  const { state, remembered, desired } = turn;
  const isSame =
    state?.policyDigest === frame.policyDigest &&
    state.verifierEpoch === verifierEpoch &&
    differences(["source"], desired.oldInputs?.source, desired.inputs.source)
      .length === 0;
  return isSame
    ? remembered.pending.get(tag)
    : "not judged yet as is wanted now";
}

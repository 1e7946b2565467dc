import { repositoryOf } from "../../../oci/reference";
import { MirrorError } from "../../../mirror/errors";
import { standingOf } from "../../mirroring/age/standing";
import type { Candidate } from "../../mirroring/age/candidateOutput";
import type { Frame } from "./frame";
import type { Outcome } from "./outcome";
import { placeOf, type Task } from "./task";
import type { Turn } from "./turn";
import type { Workshop } from "./workshop";

/** What is known of a tag before anybody is asked: settled, another resource's, left alone, too young still, or refused as before. */
export function withoutAsking(
  { turn, frame }: Workshop,
  task: Task,
): Outcome | undefined {
  const { world, intent } = turn;
  const source = repositoryOf(intent.source);
  const owner = world.memory.claim(placeOf(turn, task.tag), source);
  if (owner !== undefined)
    return { kind: "failed", digest: task.digest, error: contested(owner) };
  if (task.isSettled) return { kind: "settled" };
  if (isLeftAlone(turn, frame, task))
    return { kind: "occupied", there: undefined };
  if (task.digest === undefined) return undefined;
  return stillYoung(turn, frame, task) ?? refusedAlready(turn, frame, task);
}

/** Read has seen that something else has this name at the destination. */
function isLeftAlone(
  { intent }: Turn,
  { looked }: Frame,
  { tag, known }: Task,
): boolean {
  const mayReplace =
    known !== undefined || intent.given.replaceTag === "verified";
  return !mayReplace && looked?.held.get(tag)?.why === "occupied";
}

/** What is remembered of a digest that has to reach an age. */
export function candidateOf(
  { remembered }: Turn,
  { looked }: Frame,
  tag: string,
): Candidate | undefined {
  return looked?.candidates.get(tag) ?? remembered.candidates.get(tag);
}

/** Whether a digest was let in under this tag before; what is imported, and never was judged, counts as it lies there. */
export function cameInBefore(
  { remembered }: Turn,
  { tag, digest, known }: Pick<Task, "tag" | "digest" | "known">,
): boolean {
  return digest === (remembered.verdicts.get(tag)?.digest ?? known);
}

function stillYoung(turn: Turn, frame: Frame, task: Task): Outcome | undefined {
  const { tag, digest } = task;
  const { minAge } = turn.intent.given.tags;
  const candidate = candidateOf(turn, frame, tag);
  const isMeant = candidate?.digest === digest && !cameInBefore(turn, task);
  if (minAge === undefined || !candidate || !isMeant) return undefined;
  const standing = standingOf(minAge, candidate, turn.call.reach.now());
  return standing.outcome === "waits"
    ? { kind: "waiting", candidate, until: standing.until }
    : undefined;
}

/** Read has seen that nothing changed since: the same digest, policy and evidence. */
function refusedAlready(
  { intent, remembered }: Turn,
  { looked, policyDigest }: Frame,
  { tag, digest }: Task,
): Outcome | undefined {
  const held = looked?.held.get(tag);
  const refusal = remembered.refused.get(tag);
  const isSame =
    intent.given.onRefused === "keep" &&
    held?.why === "refused" &&
    held.policyDigest === policyDigest &&
    held.digest === digest;
  return isSame && refusal?.digest === digest
    ? { kind: "refused", refusal, against: [] }
    : undefined;
}

function contested(owner: string): MirrorError {
  return new MirrorError({
    fault: "conflict",
    code: "TAG_MOVED",
    what: "left alone",
    why: `another resource of this run fills this tag, from ${owner}`,
    remedy: "choose other tags, rename them, or give each its own repository",
  });
}

import { repositoryOf } from "../../../oci/reference";
import { verifierEpoch } from "../../judging/reportShape";
import { differences } from "../../mirroring/differences";
import type { Frame } from "./frame";
import { writtenAs } from "../intent";
import { sourceTags } from "../choosing/sourceTags";
import type { Turn } from "./turn";

/** One tag that is wanted at the destination. */
export interface Task {
  /** at the destination */
  readonly tag: string;
  /** at the source; absent where only the digest says what is meant */
  readonly sourceTag: string | undefined;
  /** what it is to name; absent where that has to be asked */
  readonly digest: string | undefined;
  /** what it names, where this resource mirrored it */
  readonly known: string | undefined;
  /** whether the destination lists it; absent where it has no list */
  readonly isListed: boolean | undefined;
  /** whether nothing has to be done or asked */
  readonly isSettled: boolean;
}

/** All tags that are wanted: those that were checked, and those that are chosen. */
export function tasksOf(turn: Turn, frame: Frame): readonly Task[] {
  const { intent, remembered, desired } = turn;
  const checked = frame.isFrozen
    ? admittedOf(remembered)
    : new Map(Object.entries(intent.given.digests ?? {}));
  const { chosen } = frame.selection;
  const names =
    frame.source === undefined
      ? chosen
      : sourceTags(intent.given, frame.source, chosen);
  const isRedone = ["source", "platforms", "evidence"].some(
    (name) =>
      differences([name], desired.oldInputs?.[name], desired.inputs[name])
        .length > 0,
  );
  const stays =
    intent.given.prune === "untag"
      ? []
      : [...remembered.digests.keys()].filter(
          (tag) => frame.destination?.has(tag) !== false,
        );
  const tags = new Set([...chosen.keys(), ...checked.keys(), ...stays]);
  return [...tags].map((tag) => {
    const one = { tag, sourceTag: names.get(tag), checked: checked.get(tag) };
    const task = taskOf(turn, frame, one);
    const isSettled = !isRedone && isJudged(turn, frame, task);
    return { ...task, isSettled };
  });
}

/** What state says that we let in, whatever the destination names since. */
function admittedOf({
  digests,
  verdicts,
}: Turn["remembered"]): ReadonlyMap<string, string> {
  return new Map(
    [...digests].map(([tag, digest]) => [
      tag,
      verdicts.get(tag)?.digest ?? digest,
    ]),
  );
}

function taskOf(
  turn: Turn,
  frame: Frame,
  one: {
    readonly tag: string;
    readonly sourceTag: string | undefined;
    readonly checked: string | undefined;
  },
): Omit<Task, "isSettled"> {
  const { tag, sourceTag, checked } = one;
  const isListed = frame.destination?.has(tag);
  const known =
    isListed === false ? undefined : turn.remembered.digests.get(tag);
  const task = { tag, sourceTag, known, isListed };
  const isUnasked = !frame.isFrozen && frame.looked?.unasked.has(tag);
  const now = digestOf(turn, frame, task);
  return { ...task, digest: isUnasked ? (now ?? known) : (checked ?? now) };
}

/** What a tag names that Check said nothing about, as far as anybody has asked. */
function digestOf(
  { world, intent, remembered }: Turn,
  { looked }: Frame,
  { tag, known, sourceTag }: Pick<Task, "tag" | "known" | "sourceTag">,
): string | undefined {
  const isKept = known !== undefined && intent.given.replaceTag !== "verified";
  if (isKept || sourceTag === undefined)
    return known && (remembered.verdicts.get(tag)?.digest ?? known);
  const written = writtenAs(intent.source, sourceTag);
  return (
    looked?.digests.get(sourceTag) ?? world.memory.sources.get(written)?.digest
  );
}

/** Whether the destination has it, and the verdict that state holds is about it, by the policy and the code in force. */
function isJudged(
  { state, remembered }: Turn,
  frame: Frame,
  { tag, known, digest }: Omit<Task, "isSettled">,
): boolean {
  return (
    known !== undefined &&
    known === digest &&
    remembered.verdicts.get(tag)?.digest === digest &&
    remembered.refused.get(tag)?.digest !== digest &&
    !remembered.pending.has(tag) &&
    state?.policyDigest === frame.policyDigest &&
    state.verifierEpoch === verifierEpoch
  );
}

/** Under which name memory keeps who fills a tag. */
export function placeOf({ intent }: Turn, tag: string): string {
  return `${repositoryOf(intent.destination)}:${tag}`;
}

import { repositoryOf } from "../../../oci/reference";
import type { Amount } from "../../../mirror/plan";
import { waitingText } from "../../mirroring/age/standing";
import { amountText, plural } from "../../mirroring/words";
import type { Task } from "../working/task";
import { those, type Found, type Work } from "../working/work";

const maxNamed = 20;
const maxSigners = 5;

/** What a preview says of all tags, and up of what it did: counts first, then the changes, at most some names of each. */
export function workText(work: Work): string {
  const { intent } = work.turn;
  const groups = groupsOf(work);
  const settled = those(work, "settled").length;
  const counts = [
    ...groups.map(({ names, word }) => `${names.length} ${word}`),
    ...(settled > 0 ? [`${settled} unchanged`] : []),
  ];
  const head = [
    `${counts.join(", ") || "nothing to do"}${chosenText(work)}`,
    ...copiedText(work),
    ...signersText(work),
  ];
  const lines = groups.map(({ names, word }) => `${word}: ${named(names)}`);
  return [
    `${repositoryOf(intent.destination)}: ${head.join("; ")}`,
    ...lines,
  ].join("\n  ");
}

/** `1.0, 1.1 and 3 more`. */
export function named(names: readonly string[]): string {
  const more = names.length - maxNamed;
  const rest = more > 0 ? ` and ${more} more` : "";
  return `${names.slice(0, maxNamed).join(", ")}${rest}`;
}

/** `range 12, evidence 3`: which rule dropped how many. */
export function droppedText({ frame }: Pick<Work, "frame">): string {
  return Object.entries(frame.selection.dropped)
    .sort(([, one], [, other]) => other - one)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(", ");
}

interface Group {
  readonly word: string;
  readonly names: readonly string[];
}

function groupsOf(work: Work): readonly Group[] {
  const word = (planned: string, done: string) =>
    work.turn.write ? done : planned;
  const arrivals = those(work, "admitted");
  const added = arrivals.filter(({ outcome }) => outcome.was === undefined);
  const same = arrivals.filter(isSame);
  const moved = arrivals.filter(
    (one) => one.outcome.was !== undefined && !isSame(one),
  );
  const isGone = ({ task }: Found<"admitted">) =>
    work.frame.looked?.gone.has(task.tag) === true;
  const groups: Group[] = [
    {
      word: word("to add", "added"),
      names: tagsOf(added.filter((one) => !isGone(one))),
    },
    {
      word: `${word("to add", "added")} again, gone from the destination`,
      names: tagsOf(added.filter(isGone)),
    },
    { word: word("to move", "moved"), names: moved.map(moveText) },
    {
      word: word("to adopt", "adopted"),
      names: tagsOf(same.filter(({ task }) => task.known === undefined)),
    },
    {
      word: "judged again",
      names: tagsOf(same.filter(({ task }) => task.known !== undefined)),
    },
    { word: "refused", names: tagsOf(those(work, "refused")) },
    { word: "not judged or copied", names: tagsOf(those(work, "failed")) },
    { word: "too young", names: those(work, "waiting").map(youngText(work)) },
    { word: "left alone", names: tagsOf(those(work, "occupied")) },
    {
      word: word("to prune", "pruned"),
      names: [...work.pruned.gone.keys()],
    },
  ];
  return groups.filter(({ names }) => names.length > 0);
}

const isSame = ({ outcome }: Found<"admitted">) =>
  outcome.was === outcome.verdict.digest;

const tagsOf = (found: readonly { readonly task: Task }[]) =>
  found.map(({ task }) => task.tag);

const moveText = ({ task, outcome }: Found<"admitted">) =>
  `${task.tag} (${outcome.was} → ${outcome.verdict.digest})`;

const youngText =
  ({ turn }: Work) =>
  ({ task, outcome }: Found<"waiting">): string => {
    const { minAge } = turn.intent.given.tags;
    const { candidate, until } = outcome;
    return minAge
      ? `${task.tag} (${waitingText(minAge, candidate, until)})`
      : task.tag;
  };

function chosenText({ frame }: Work): string {
  const { source, selection } = frame;
  if (source === undefined || frame.isFrozen) return "";
  const dropped = selection.chosen.size < source.length;
  const why = dropped ? `, dropped by ${droppedText({ frame })}` : "";
  return ` (${selection.chosen.size} of ${plural(source.length, "tag")} chosen${why})`;
}

/** Tags share many a blob: each counts once. */
function copiedText(work: Work): string[] {
  const arrivals = those(work, "admitted");
  if (arrivals.length === 0) return [];
  const blobs = new Map(
    arrivals.flatMap(({ outcome }) => [...outcome.parts.blobs]),
  );
  const count = (of: "manifests" | "evidence") =>
    new Set(arrivals.flatMap(({ outcome }) => outcome.parts[of])).size;
  const amount: Amount = {
    blobs: blobs.size,
    bytes: [...blobs.values()].reduce((sum, size) => sum + size, 0),
    manifests: count("manifests"),
    evidence: count("evidence"),
  };
  // up does not ask beforehand what is there: what it sent is told while it is sent
  return work.turn.write ? [] : [`would copy ${amountText(amount)}`];
}

function signersText(work: Work): string[] {
  const words = those(work, "admitted").map(({ outcome }) => outcome.signers);
  const all = [...new Set(words)];
  const more = all.length - maxSigners;
  return [
    ...all.slice(0, maxSigners),
    ...(more > 0 ? [`and by ${more} others`] : []),
  ];
}

import { repositoryOf } from "../../../oci/reference";
import { plural } from "../../mirroring/words";
import type { Listing } from "../../memory";
import type { Inputs } from "../inputs";
import { refusalLines } from "./problems";
import { droppedText, named } from "./words";
import { those, type Work } from "../working/work";

const maxTexts = 20;

/** What somebody should look into, though nothing failed by it. */
export function warningsOfWork(work: Work): readonly string[] {
  const { intent } = work.turn;
  const place = repositoryOf(intent.destination);
  return [
    ...choiceWarnings(work),
    ...unaskedWarnings(work),
    ...occupiedWarnings(work),
    ...keptWarnings(work),
    ...pruneWarnings(work),
    ...tagWarnings(work),
  ].map((text) => `${place}: ${text}`);
}

function choiceWarnings(work: Work): string[] {
  const { turn, frame } = work;
  const { source, selection, isFrozen } = frame;
  if (source === undefined || isFrozen || selection.chosen.size > 0) return [];
  const from = `source ${repositoryOf(turn.intent.source)}`;
  if (source.length === 0) return [`${from} has no tags, so none is chosen`];
  const { mode, whenEmpty = "none" } = turn.intent.given.tags;
  if (mode === "higher") {
    // it chooses nothing whenever the destination is up to date
    if (frame.destination?.size !== 0) return [];
    if (whenEmpty === "none")
      return [
        "the destination has no tags yet, so `mode: higher` has nothing to be above and chooses none: `tags.whenEmpty` says what then comes first",
      ];
  }
  return [
    `none of the ${source.length} tags of ${from} is chosen: dropped by ${droppedText(work)} (\`getTags\` names each)`,
  ];
}

/** Without a look in this run, nobody knows what moved. */
function unaskedWarnings({ turn, frame }: Work): string[] {
  const { desired, state, intent } = turn;
  const isNew =
    state !== undefined &&
    !isLooked(frame.looked, intent.given.tags.mode) &&
    intent.given.replaceTag === "verified" &&
    desired.oldInputs?.replaceTag !== "verified";
  return isNew
    ? [
        'replaceTag: "verified" is new: what the mirrored tags name at the source now is asked by the next run that refreshes',
      ]
    : [];
}

/** A look under rules that listed nothing is none under rules that need a list. */
function isLooked(
  looked: Listing | undefined,
  mode: Inputs["tags"]["mode"],
): boolean {
  return (
    looked !== undefined && (mode === "list" || looked.source !== undefined)
  );
}

function occupiedWarnings(work: Work): string[] {
  const occupied = those(work, "occupied").map(({ task, outcome }) =>
    outcome.there === undefined ? task.tag : `${task.tag} (${outcome.there})`,
  );
  if (occupied.length === 0) return [];
  return [
    `${occupied.length} of its tags name something else than the source's, did not come from here, and are left alone: ${named(occupied)}; to replace them by what the policy admits: replaceTag: "verified"`,
  ];
}

/** `onRefused: "keep"`. */
function keptWarnings(work: Work): string[] {
  const refused = those(work, "refused");
  const isKept = work.turn.intent.given.onRefused === "keep";
  if (!isKept || refused.length === 0) return [];
  const lines = refusalLines(work).map((line) => `\n  ${line}`);
  return [
    `${refused.length} of ${plural(work.tasks.length, "tag")} ${refused.length === 1 ? "is refused by the policy and stays as it is" : "are refused by the policy and stay as they are"} (onRefused: "keep")${lines.join("")}`,
  ];
}

function pruneWarnings({ turn, frame, pruned }: Work): string[] {
  const { chosen } = frame.selection;
  const stays = [...turn.remembered.digests.keys()];
  const isVain =
    turn.intent.given.prune === "untag" &&
    !frame.isFrozen &&
    chosen.size === 0 &&
    stays.length > 0;
  const left = [...pruned.left].map(([tag, why]) => `${tag}: ${why}`);
  return [
    ...(isVain
      ? [
          `nothing is pruned while the rules choose nothing: these stay, though they are not chosen: ${named(stays)}`,
        ]
      : []),
    ...(pruned.postponed === undefined ? [] : [pruned.postponed]),
    ...(left.length > 0
      ? [`not pruned, and no longer ours: ${named(left)}`]
      : []),
  ];
}

/** What requirements that only warn had to say, once for all tags of which they say it. */
function tagWarnings(work: Work): string[] {
  const tags = new Map<string, string[]>();
  for (const { task, outcome } of those(work, "admitted"))
    for (const text of outcome.warnings)
      tags.set(text, [...(tags.get(text) ?? []), task.tag]);
  const texts = [...tags].map(([text, of]) => `${text}: ${named(of)}`);
  const more = texts.length - maxTexts;
  return [
    ...texts.slice(0, maxTexts),
    ...(more > 0 ? [`and ${more} more warnings of single tags`] : []),
  ];
}

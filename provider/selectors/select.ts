import { isTag } from "../oci/reference";
import { chooseTags, type Dropped, type Listed } from "./choose";
import { renamer } from "./rename";
import type { RenameInput } from "./renameInput";
import { isEvidenceTag } from "./rules/evidence";
import { isReserved } from "./rules/reserved";
import type { TagsInput } from "./tagsInput";

/** Which tags, and what they are called at the destination. */
export interface SelectionRules {
  readonly tags: TagsInput;
  readonly rename?: RenameInput | undefined;
}

/** A tag of the source that is chosen. */
export interface ChosenTag {
  /** at the source */
  readonly tag: string;
  /** at the destination */
  readonly name: string;
}

/** Every tag of the source, once, and what became of it. */
export interface Selection {
  /** in the order of their mode */
  readonly chosen: readonly ChosenTag[];
  readonly dropped: readonly Dropped[];
  /** tags of `list` that the source does not have */
  readonly missing: readonly string[];
  /** rule → how many tags it dropped */
  readonly counts: Readonly<Record<string, number>>;
}

/** Chooses tags and names them; of several that would have one name at the destination, none is taken. */
export function selectTags(
  { tags, rename }: SelectionRules,
  listed: Listed,
): Selection {
  const nameOf = renamer(rename);
  const { chosen, dropped } = chooseTags(tags, {
    source: listed.source,
    destination:
      tags.mode === "higher" && rename !== undefined
        ? namesAtSource(listed, nameOf)
        : listed.destination,
  });
  const named = chosen.map((tag) => ({ tag, name: nameOf(tag) }));
  const problems =
    rename === undefined ? new Map<string, string>() : problemsOf(named);
  const all = [
    ...dropped,
    ...[...problems].map(([tag, reason]) => ({ tag, rule: "rename", reason })),
  ];
  return {
    chosen: named.filter(({ tag }) => !problems.has(tag)),
    dropped: all,
    missing: missingOf(tags, listed.source),
    counts: countsOf(all),
  };
}

/** The destination's tags as they are called at the source, where one of its tags explains them: rules are about those names. */
function namesAtSource(
  { source, destination }: Listed,
  nameOf: (tag: string) => string,
): readonly string[] {
  const tagOf = new Map(source.map((tag) => [nameOf(tag), tag]));
  return destination.map((name) => tagOf.get(name) ?? name);
}

function problemsOf(named: readonly ChosenTag[]): Map<string, string> {
  const first = new Map<string, string>();
  const problems = new Map<string, string>();
  for (const { tag, name } of named) {
    const other = first.get(name);
    const problem = problemOfName(name, tag);
    if (problem !== undefined) problems.set(tag, problem);
    else if (other === undefined) first.set(name, tag);
    else {
      problems.set(tag, sameName(name, other));
      if (!problems.has(other)) problems.set(other, sameName(name, tag));
    }
  }
  return problems;
}

function sameName(name: string, other: string): string {
  return `would be called ${name}, as would ${other}: neither is taken`;
}

function problemOfName(name: string, tag: string): string | undefined {
  if (!isTag(name))
    return `would be called ${JSON.stringify(name)}, which is no valid tag`;
  if (isReserved(name))
    return `would be called ${name}, which cannot be kept in Pulumi's state`;
  return name !== tag && isEvidenceTag(name)
    ? `would be called ${name}, which is where evidence is kept`
    : undefined;
}

function missingOf(
  { mode, list = [] }: TagsInput,
  source: readonly string[],
): readonly string[] {
  if (mode !== "list") return [];
  const there = new Set(source);
  return [...new Set(list)].filter((tag) => !there.has(tag));
}

function countsOf(dropped: readonly Dropped[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of dropped) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

import { cutRules, tagRules, versionRules } from "./catalog";
import type { Filter } from "./rule";
import type { TagsInput } from "./tagsInput";
import {
  compareSpecificity,
  compareVersions,
  readVersion,
  type Version,
} from "./version";

/** Tags as each side lists them. */
export interface Listed {
  readonly source: readonly string[];
  readonly destination: readonly string[];
}

/** A tag that is not chosen, and the rule that dropped it. */
export interface Dropped {
  readonly tag: string;
  readonly rule: string;
  /** as it is read after the tag: `is not in …` */
  readonly reason: string;
}

/** Every tag of the source, once: chosen, or dropped by a rule. */
export interface Choice {
  /** in the order of their mode: ascending versions, the order of `list`, or as listed */
  readonly chosen: readonly string[];
  readonly dropped: readonly Dropped[];
}

/** Whether a mode knows versions, and rules about them count; the others take names (field.md part 3). */
export function knowsVersions(mode: TagsInput["mode"]): boolean {
  return mode !== "all" && mode !== "list";
}

/** Chooses tags of a source repository by the user's rules; the destination's are of use to mode `higher` only. */
export function chooseTags(tags: TagsInput, listed: Listed): Choice {
  const dropped: Dropped[] = [];
  const names = sift(tagRules, tags, {
    from: [...new Set(listed.source)],
    nameOf: (tag) => tag,
    drop: (one) => dropped.push(one),
  });
  if (!knowsVersions(tags.mode))
    return { chosen: inOrderOfList(tags, names), dropped };
  const source = versionsOf(tags, names, (one) => dropped.push(one));
  const destination = sift(tagRules, tags, {
    from: listed.destination,
    nameOf: (tag) => tag,
    drop: () => {},
  });
  const cut = cutAll(tags, {
    ascending: source.sort(byVersion(tags)),
    destination: versionsOf(tags, destination, () => {}),
    drop: (one) => dropped.push(one),
  });
  return { chosen: cut.map(({ tag }) => tag), dropped };
}

interface Sifting<Of> {
  readonly from: readonly Of[];
  readonly nameOf: (one: Of) => string;
  readonly drop: (dropped: Dropped) => void;
}

/** What every rule lets through. */
function sift<Of>(
  rules: readonly Filter<Of>[],
  tags: TagsInput,
  { from, nameOf, drop }: Sifting<Of>,
): Of[] {
  const asked = rules.flatMap(({ name, prepare }) => {
    const why = prepare(tags);
    return why ? [{ rule: name, why }] : [];
  });
  return from.filter((one) => {
    for (const { rule, why } of asked) {
      const reason = why(one);
      if (reason === undefined) continue;
      drop({ tag: nameOf(one), rule, reason });
      return false;
    }
    return true;
  });
}

function versionsOf(
  tags: TagsInput,
  names: readonly string[],
  drop: (dropped: Dropped) => void,
): Version[] {
  const versions = names.flatMap((tag) => {
    const version = readVersion(tag);
    if (!version)
      drop({ tag, rule: "version", reason: "is no semantic version" });
    return version ?? [];
  });
  return sift(versionRules, tags, {
    from: versions,
    nameOf: ({ tag }) => tag,
    drop,
  });
}

/** Ascending; a sort is stable, so with `ties: "last"` tags of one version stay as they are listed. */
function byVersion({
  ties = "specific",
}: TagsInput): (one: Version, other: Version) => number {
  return ties === "last"
    ? compareVersions
    : (one, other) =>
        compareVersions(one, other) || compareSpecificity(one, other);
}

function cutAll(
  tags: TagsInput,
  all: {
    readonly ascending: readonly Version[];
    readonly destination: readonly Version[];
    readonly drop: (dropped: Dropped) => void;
  },
): readonly Version[] {
  let left = all.ascending;
  for (const { name: rule, prepare } of cutRules) {
    const cut = prepare(tags)?.(left, all.destination);
    if (!cut) continue;
    const { keptFrom, why } = cut;
    for (const version of left.slice(0, keptFrom))
      all.drop({ tag: version.tag, rule, reason: why(version) });
    left = left.slice(keptFrom);
  }
  return left;
}

function inOrderOfList(
  { mode, list = [] }: TagsInput,
  names: readonly string[],
): readonly string[] {
  if (mode !== "list") return names;
  const there = new Set(names);
  return [...new Set(list)].filter((tag) => there.has(tag));
}

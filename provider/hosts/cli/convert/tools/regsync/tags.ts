import type { Values } from "../../../../../mirror/lifecycle";
import type { Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { anyOf, wholePattern } from "../../dialects/patterns";
import { regsyncRange } from "../../dialects/ranges";

interface TagSet {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly ranges: readonly string[];
}

/** The rules of `tags` and `tagSets`, which take whatever one of them takes. */
export function tagsOf(entry: Mapping): Values {
  const tags = entry.get("tags");
  const tagSets = entry.get("tagSets");
  const own = tags ? [tagSetOf(tags.mapping())] : [];
  // `tags` without a rule takes nothing beside tagSets
  const sets = [
    ...(tagSets?.items() ?? []).map((set) => tagSetOf(set.mapping())),
    ...own.filter((set) => !isEmpty(set)),
  ];
  const [only, ...others] = sets;
  if (only === undefined) return { mode: "all" };
  if (others.length === 0) return rulesOf(only);
  const allowed = sets.filter(
    ({ deny, ranges }) => deny.length + ranges.length === 0,
  );
  if (allowed.length < sets.length || sets.some(isEmpty))
    throw new LeftOut(
      "it takes what any of several tagSets takes, with ranges or deny among them: write one `tags` with a pattern for all, or mirror each set into a repository of its own",
    );
  return rulesOf({
    allow: sets.flatMap(({ allow }) => allow),
    deny: [],
    ranges: [],
  });
}

function tagSetOf(set: Mapping): TagSet {
  const texts = (key: string) => set.get(key)?.texts() ?? [];
  const read = {
    allow: texts("allow").map(wholePattern),
    deny: texts("deny").map(wholePattern),
    ranges: texts("semverRange").filter((text) => text.trim() !== ""),
  };
  set.finish("regsync");
  return read;
}

function isEmpty({ allow, deny, ranges }: TagSet): boolean {
  return allow.length + deny.length + ranges.length === 0;
}

function rulesOf({ allow, deny, ranges }: TagSet): Values {
  const range = ranges.length > 0 ? regsyncRange(ranges) : undefined;
  return {
    mode: range ? "semver" : "all",
    ...(range && { ...range, calendar: true }),
    ...(allow.length > 0 && { pattern: anyOf(allow) }),
    ...(deny.length > 0 && { exclude: deny }),
  };
}

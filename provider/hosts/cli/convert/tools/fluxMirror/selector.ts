import type { Values } from "../../../../../mirror/lifecycle";
import type { Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { isLiteral, searchedPattern } from "../../dialects/patterns";
import { goRange } from "../../dialects/ranges";

interface Selector {
  readonly pattern?: string;
  readonly semver?: string;
  readonly sortBy: string;
  readonly limit: number;
}

/** `selector`: pattern, range, order, and how many of the highest. */
export function selectionOf(entry: Mapping): Values {
  const selector = read(entry.within("selector"));
  const { pattern, semver, sortBy, limit } = selector;
  const matching =
    pattern === undefined ? {} : { pattern: searchedPattern(pattern) };
  const newest = limit > 0 ? { newest: limit } : {};
  if (sortBy === "semver")
    return {
      mode: "semver",
      ...versionsOf(semver),
      calendar: true,
      ...matching,
      ...newest,
    };
  if (semver !== undefined)
    throw new LeftOut(
      `it takes a range of versions and sorts them ${sortBy}: sort by semver`,
    );
  if (takesAll(selector)) return { mode: "all", ...matching };
  if (takesNumbers(selector))
    return { mode: "semver", calendar: true, ...matching, ...newest };
  throw new LeftOut(
    `the first ${limit} tags in ${sortBy} order cannot be chosen: choose by versions, or list the tags`,
  );
}

function versionsOf(semver: string | undefined): Values {
  if (semver === undefined) return { prereleases: true };
  const { range, prereleases } = goRange(semver);
  return { range, ...(prereleases && { prereleases }) };
}

/** Where every tag that matches comes, order does not matter. */
function takesAll({ pattern = "", sortBy, limit }: Selector): boolean {
  return sortBy === "alphabetical" && (limit === 0 || isLiteral(pattern));
}

/** Whole numbers are versions, and in the same order. */
function takesNumbers({ pattern = "", sortBy }: Selector): boolean {
  return sortBy === "numerical" && /^\^(\\d|\[0-9\])\+\$$/.test(pattern);
}

function read(selector: Mapping): Selector {
  const regex = selector.within("regex");
  const pattern = regex.text("pattern");
  if (regex.text("extract"))
    throw new LeftOut(
      "it compares a part of each tag (regex.extract), which no rule here does: choose by `pattern`, or `rename` the tags",
    );
  regex.finish("flux-mirror");
  const semver = said(selector, "semver");
  const sortBy = said(selector, "sortBy") ?? "semver";
  const limit = selector.get("limit")?.count() ?? 1;
  if (limit < 0) throw new LeftOut(`its limit is ${limit}`);
  selector.finish("flux-mirror");
  return {
    ...(pattern && { pattern }),
    ...(semver && { semver }),
    sortBy,
    limit,
  };
}

function said(selector: Mapping, key: string): string | undefined {
  const text = selector.text(key)?.trim();
  return text === "" ? undefined : text;
}

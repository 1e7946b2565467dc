import { unknown, type Value } from "../../../provider/mirror/lifecycle";
import { chooseTags } from "../../../provider/selectors/choose";
import { tagsFailures } from "../../../provider/selectors/tagsFailures";

const hex = "d".repeat(64);

test.each<[string, Value, string, string]>([
  [
    "a list without its mode",
    { mode: "all", list: ["1"] },
    "tags.list",
    "is for `mode: list`, and this is `mode: all`",
  ],
  ["mode list without a list", { mode: "list" }, "tags.list", "is missing"],
  [
    "a list with no tag",
    { mode: "list", list: ["1", "a b"] },
    "tags.list[1]",
    "is not a tag",
  ],
  [
    "a list with a tag that no state can keep",
    { mode: "list", list: ["__proto__"] },
    "tags.list[0]",
    "cannot be kept in Pulumi's state",
  ],
  [
    "a list that names a tag twice",
    { mode: "list", list: ["1", "2", "1"] },
    "tags.list[2]",
    "is named twice",
  ],
  [
    "a list with a tag of evidence",
    { mode: "list", list: [`sha256-${hex}.sig`] },
    "tags.list[0]",
    "holds evidence",
  ],
  [
    "a list with a fallback tag",
    { mode: "list", evidenceTags: true, list: [`sha256-${hex}`] },
    "tags.list[0]",
    "names a list of referrers",
  ],
  [
    "a range that is none",
    { mode: "semver", range: "latest" },
    "tags.range",
    "is no range of versions",
  ],
  [
    "a range that holds nothing",
    { mode: "semver", range: ">2 <1" },
    "tags.range",
    "holds no version at all",
  ],
  [
    "a range with a pre-release, where none is taken",
    { mode: "semver", range: ">=1.0.0-0 <2" },
    "tags.range",
    "set `prereleases: true`",
  ],
  [
    "a range with a pre-release beside compatibility",
    { mode: "semver", compatibility: "alpine", range: ">=1.0.0-alpine" },
    "tags.range",
    "leave the pre-release out",
  ],
  [
    "a range beside the pinned major",
    { mode: "semver", range: "^1", pinnedMajor: 2 },
    "tags.range",
    "holds no version of the major version 2",
  ],
  [
    "a pattern that is none",
    { mode: "all", pattern: "*" },
    "tags.pattern",
    "is not an RE2 pattern",
  ],
  [
    "an exclude with a look-behind",
    { mode: "all", exclude: ["a", "(?<=a)b"] },
    "tags.exclude[1]",
    "no look-around",
  ],
  [
    "a back-reference",
    { mode: "all", pattern: "(a)\\1" },
    "tags.pattern",
    "no back-references",
  ],
  [
    "compatibility with prereleases",
    { mode: "semver", compatibility: "a", prereleases: true },
    "tags.prereleases",
    "leave one of the two out",
  ],
  [
    "a compatibility with its hyphen twice is a text, one with a plus is none",
    { mode: "semver", compatibility: "a+b" },
    "tags.compatibility",
    "no version can have it",
  ],
  [
    "a compatibility with a leading zero",
    { mode: "semver", compatibility: "rc.01" },
    "tags.compatibility",
    "no version can have it",
  ],
  [
    "newest with highest",
    { mode: "highest", newest: 2 },
    "tags.newest",
    "does nothing with `mode: highest`",
  ],
  [
    "newest with all",
    { mode: "all", newest: 2 },
    "tags.newest",
    "does nothing with `mode: all`",
  ],
  [
    "compatibility with all",
    { mode: "all", compatibility: "alpine" },
    "tags.compatibility",
    "use `mode: semver`",
  ],
  [
    "a pinned major with list",
    { mode: "list", list: ["1"], pinnedMajor: 1 },
    "tags.pinnedMajor",
    "does nothing with `mode: list`",
  ],
  ["ties with all", { mode: "all", ties: "last" }, "tags.ties", "does nothing"],
  [
    "whenEmpty with semver",
    { mode: "semver", whenEmpty: "all" },
    "tags.whenEmpty",
    "is for `mode: higher` only",
  ],
  [
    "evidenceTags with semver",
    { mode: "semver", evidenceTags: true },
    "tags.evidenceTags",
    "no such tag is a version",
  ],
  [
    "a pinned year",
    { mode: "semver", pinnedMajor: 2024 },
    "tags.pinnedMajor",
    "set `calendar: true`",
  ],
])("%s is told at its property", (_, tags, property, reason) => {
  expect(tagsFailures(tags)).toEqual([
    { property, reason: expect.stringContaining(reason) },
  ]);
});

test.each<[string, Value]>([
  [
    "every word of a version mode",
    {
      mode: "higher",
      range: ">=2024 <2026",
      pattern: "v?[0-9].*",
      exclude: [".*-dev"],
      compatibility: "fpm-alpine3.19",
      prereleases: false,
      pinnedMajor: 2024,
      newest: 3,
      calendar: true,
      ties: "last",
      whenEmpty: "highest",
    },
  ],
  [
    "every word of a list",
    {
      mode: "list",
      list: ["1", `sha256-${hex}.sig`],
      pattern: ".*",
      exclude: ["x"],
      evidenceTags: true,
    },
  ],
  [
    "a range with pre-releases by wish",
    {
      mode: "semver",
      prereleases: true,
      range: ">=1.0.0-rc.1 <2 || 1.2 - 1.4",
    },
  ],
  ["a hyphen range", { mode: "semver", range: "1.2 - 1.4" }],
  [
    "rules with an age",
    { mode: "all", minAge: { duration: "3d", by: "created" } },
  ],
  ["no rules", undefined],
  [
    "rules that are not known yet",
    { mode: "semver", range: unknown, list: ["1"] },
  ],
  ["a shape that is told elsewhere", { mode: "most" }],
])("%s has nothing wrong", (_, tags) => {
  expect(tagsFailures(tags)).toEqual([]);
});

test("rules elsewhere are told there", () => {
  expect(tagsFailures({ mode: "list" }, "defaults.tags")).toMatchObject([
    { property: "defaults.tags.list" },
  ]);
});

test("a pattern that nobody checked fails the choice, and never takes everything", () => {
  const rules = { mode: "all", pattern: "(" } as const;
  expect(() => chooseTags(rules, { source: ["1"], destination: [] })).toThrow(
    expect.objectContaining({ fault: "invalid", code: "INVALID_INPUT" }),
  );
});

import { chooseTags } from "../../../provider/selectors/choose";
import type { TagsInput } from "../../../provider/selectors/tagsInput";

const choose = (
  rules: TagsInput,
  source: readonly string[],
  destination: readonly string[] = [],
) => chooseTags(rules, { source, destination });

const hex = "a".repeat(64);

test.each<[TagsInput, string, string, string]>([
  [
    { mode: "all" },
    `sha256-${hex}.sig`,
    "evidence",
    "holds evidence, which comes along with what it is about",
  ],
  [
    { mode: "all", evidenceTags: true },
    `sha256-${hex}`,
    "evidence",
    "is a list of referrers and no artifact: evidence comes along with what it is about",
  ],
  [
    { mode: "all" },
    "__proto__",
    "reserved",
    "cannot be kept in Pulumi's state",
  ],
  [{ mode: "list", list: ["1"] }, "2", "list", "is not in `list`"],
  [
    { mode: "all", pattern: "v.*" },
    "1",
    "pattern",
    "does not match `v.*` as a whole",
  ],
  [{ mode: "all", exclude: ["x", "1.*"] }, "1.2", "exclude", "matches `1.*`"],
  [{ mode: "semver" }, "latest", "version", "is no semantic version"],
  [
    { mode: "semver" },
    "1025",
    "calendar",
    "has a major version above 1024, so it is taken for a date or a build number; `calendar: true` takes it for a version",
  ],
  [
    { mode: "semver", compatibility: "alpine" },
    "1.2.0",
    "compatibility",
    "has no pre-release, and `alpine` is wanted",
  ],
  [
    { mode: "semver", compatibility: "alpine" },
    "1.2.0-slim",
    "compatibility",
    "has the pre-release `slim`, and `alpine` is wanted",
  ],
  [
    { mode: "semver" },
    "1.2.0-rc1",
    "prereleases",
    "has the pre-release `rc1`; `compatibility` or `prereleases` takes such",
  ],
  [
    { mode: "semver", pinnedMajor: 6 },
    "5.0.0",
    "pinnedMajor",
    "has the major version 5, and 6 is pinned",
  ],
  [{ mode: "semver", range: "^1" }, "2.0.0", "range", "is not in `^1`"],
])(
  "%j: %s is dropped by the rule %s, and it says why",
  (rules, tag, rule, reason) => {
    expect(choose(rules, [tag])).toEqual({
      chosen: [],
      dropped: [{ tag, rule, reason }],
    });
  },
);

test.each<[TagsInput, readonly string[], string, string]>([
  [{ mode: "highest" }, [], "highest", "is lower than 1.2.0"],
  [
    { mode: "higher" },
    ["1.1.0"],
    "higher",
    "is not above 1.1.0, the destination's highest",
  ],
  [
    { mode: "higher" },
    [],
    "higher",
    "has nothing to be compared with: the destination has no such version yet; `whenEmpty` says what then comes first",
  ],
  [
    { mode: "semver", newest: 1 },
    [],
    "newest",
    "is not among the 1 highest versions",
  ],
])(
  "%j with %j at the destination: what is lower is dropped by the rule %s",
  (rules, destination, rule, reason) => {
    expect(choose(rules, ["1.0.0", "1.2.0"], destination).dropped[0]).toEqual({
      tag: "1.0.0",
      rule,
      reason,
    });
  },
);

test("of tags of one version, the one that is not taken says which is", () => {
  expect(choose({ mode: "highest" }, ["1.2", "1.2.0"]).dropped).toEqual([
    {
      tag: "1.2",
      rule: "highest",
      reason: "is the same version as 1.2.0, which is taken (`ties`)",
    },
  ]);
});

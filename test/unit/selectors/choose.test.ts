import { chooseTags } from "../../../provider/selectors/choose";
import type { TagsInput } from "../../../provider/selectors/tagsInput";

const choose = (
  rules: TagsInput,
  source: readonly string[],
  destination: readonly string[] = [],
) => chooseTags(rules, { source, destination });

const hex = "a".repeat(64);

test.each<[string, TagsInput, string, string, string]>([
  [
    "ties: the tag that is written out most is the highest",
    { mode: "highest" },
    "v1.2.0 1.2.0 1.2",
    "",
    "1.2.0",
  ],
  [
    "ties: a leading zero is not written out more",
    { mode: "highest" },
    "1.2.03 1.2.3",
    "",
    "1.2.3",
  ],
  [
    "ties: last takes the last as listed",
    { mode: "highest", ties: "last" },
    "1.2.0 v1.2.0 1.2",
    "",
    "1.2",
  ],
  [
    "whenEmpty none: nothing comes to a destination without versions",
    { mode: "higher", whenEmpty: "none" },
    "1.0.0 2.0.0",
    "latest",
    "",
  ],
  [
    "whenEmpty highest: the highest comes first",
    { mode: "higher", whenEmpty: "highest" },
    "1.0.0 2.0 2.0.0",
    "latest",
    "2.0.0",
  ],
  [
    "whenEmpty highest of nothing is nothing",
    { mode: "higher", whenEmpty: "highest" },
    "latest",
    "",
    "",
  ],
  [
    "whenEmpty all: every version comes first",
    { mode: "higher", whenEmpty: "all" },
    "2.0.0 1.0.0",
    "latest",
    "1.0.0 2.0.0",
  ],
  [
    "whenEmpty is of no use where the destination has a version",
    { mode: "higher", whenEmpty: "all" },
    "1.0.0 2.0.0",
    "0.1.0 1.0.0 0.9.0",
    "2.0.0",
  ],
  [
    "higher: a version at the destination that the rules drop is not compared with",
    { mode: "higher", exclude: ["9.*"] },
    "1.0.0 2.0.0",
    "1.0.0 9.0.0",
    "2.0.0",
  ],
  [
    "higher: pre-releases of the destination do not count",
    { mode: "higher" },
    "1.0.0 2.0.0",
    "1.0.0 3.0.0-rc.1",
    "2.0.0",
  ],
  [
    "higher with newest: the newest of those above",
    { mode: "higher", newest: 1 },
    "1.0.0 2.0.0 3.0.0",
    "1.0.0",
    "3.0.0",
  ],
  [
    "calendar versions by wish",
    { mode: "highest", calendar: true },
    "18.4.0 2025.2.0 20240101",
    "",
    "20240101",
  ],
  [
    "newest counts versions, not tags",
    { mode: "semver", newest: 2 },
    "1.0.0 1.1 1.1.0 v1.1.0 1.2.0",
    "",
    "1.1 v1.1.0 1.1.0 1.2.0",
  ],
  [
    "more newest than there are",
    { mode: "semver", newest: 9 },
    "1.1.0 1.0.0",
    "",
    "1.0.0 1.1.0",
  ],
  [
    "pre-releases by wish, below their release",
    { mode: "semver", prereleases: true },
    "1.0.0 1.0.0-rc.1 1.0.0-alpha 1.0.0-rc.2 1.0.0-rc.10 1.0.0-rc 1.0.0-1",
    "",
    "1.0.0-1 1.0.0-alpha 1.0.0-rc 1.0.0-rc.1 1.0.0-rc.2 1.0.0-rc.10 1.0.0",
  ],
  [
    "a number of a pre-release comes before a word",
    { mode: "semver", prereleases: true },
    "1.0.0-1a 1.0.0-2",
    "",
    "1.0.0-2 1.0.0-1a",
  ],
  [
    "a number that no computer holds exactly is not rounded",
    { mode: "highest" },
    "1.0.20240131123059124 1.0.20240131123059123",
    "",
    "1.0.20240131123059124",
  ],
  [
    "the highest number that fits 64 bits, and the next",
    { mode: "semver" },
    "1.0.18446744073709551615 1.0.18446744073709551616",
    "",
    "1.0.18446744073709551615",
  ],
  [
    "a number of a pre-release is not rounded either",
    { mode: "highest", prereleases: true },
    "1.0.0-20240131123059124 1.0.0-20240131123059123",
    "",
    "1.0.0-20240131123059124",
  ],
  [
    "a range",
    { mode: "semver", range: ">=1.4 <2 || 3.x" },
    "1.3.9 1.4.0 v1.9 2.0.0 3.7.1 4.0.0",
    "",
    "1.4.0 v1.9 3.7.1",
  ],
  [
    "a range takes no pre-release by itself",
    { mode: "semver", range: "^1.2.0" },
    "1.2.0 1.3.0-rc.1",
    "",
    "1.2.0",
  ],
  [
    "a range with pre-releases by wish",
    { mode: "semver", range: "^1.2.0", prereleases: true },
    "1.2.0 1.3.0-rc.1 2.0.0-rc.1",
    "",
    "1.2.0 1.3.0-rc.1",
  ],
  [
    "a range looks at the version before the suffix that compatibility wants",
    { mode: "semver", range: ">=1.2.0 <2", compatibility: "alpine" },
    "1.1.9-alpine 1.2.0-alpine 1.3.0-alpine 1.3.0 2.0.0-alpine",
    "",
    "1.2.0-alpine 1.3.0-alpine",
  ],
  [
    "a number that npm cannot hold is in no range",
    { mode: "semver", range: "*" },
    "1.0.20240131123059123 1.0.1",
    "",
    "1.0.1",
  ],
  [
    "a range, a major version and a pattern together",
    { mode: "highest", range: "<6.3", pinnedMajor: 6, pattern: "[0-9.]+" },
    "v6.2.9 6.2.7 6.3.0 5.9.0",
    "",
    "6.2.7",
  ],
  [
    "a pattern is about the whole tag",
    { mode: "all", pattern: "rel|release-1" },
    "rel release release-1 release-10",
    "",
    "rel release-1",
  ],
  [
    "an exclude is about the whole tag, too",
    { mode: "all", exclude: ["dev", "nightly-.*"] },
    "dev dev2 nightly-1 1",
    "",
    "dev2 1",
  ],
  [
    "a list keeps its order",
    { mode: "list", list: ["b", "a", "c"] },
    "a b d",
    "",
    "b a",
  ],
  [
    "a list with an exclude",
    { mode: "list", list: ["b", "a"], exclude: ["a"] },
    "a b",
    "",
    "b",
  ],
  [
    "all keeps the order of the source",
    { mode: "all" },
    "b a latest",
    "",
    "b a latest",
  ],
  [
    "tags of evidence are none of ours",
    { mode: "all" },
    `1 sha256-${hex}.sig sha256-${hex}.att sha256-${hex}.sbom sha512-${hex}.sig sha256-${hex} sha512-${hex} sha256-${hex}.txt sha256-aa`,
    "",
    `1 sha256-${hex}.txt sha256-aa`,
  ],
  [
    "a fallback tag never is an artifact",
    { mode: "all", evidenceTags: true },
    `sha256-${hex} sha256-${hex}.sig`,
    "",
    `sha256-${hex}.sig`,
  ],
  ["a tag that is listed twice is one", { mode: "all" }, "1 1", "", "1"],
])("%s", (_, rules, source, destination, chosen) => {
  const words = (text: string) => text.split(" ").filter(Boolean);
  expect(choose(rules, words(source), words(destination)).chosen).toEqual(
    words(chosen),
  );
});

test("ten thousand tags and every rule take well under a tenth of a second", () => {
  const source = Array.from(
    { length: 10_000 },
    (_, n) => `v1.${n >> 5}.${n & 31}${n % 3 ? "" : "-alpine"}`,
  );
  const rules: TagsInput = {
    mode: "higher",
    range: ">=1.2 <2",
    pattern: "v1\\.[0-9]+\\.[0-9]+(-[a-z]+)?",
    exclude: [".*-rc.*", ".*-dev.*"],
    pinnedMajor: 1,
    newest: 100,
  };
  const began = process.cpuUsage();
  expect(choose(rules, source, source.slice(0, 5000)).chosen).toHaveLength(100);
  const { user } = process.cpuUsage(began);
  expect(user / 1000).toBeLessThan(1000); // a loaded machine, and code that was never run before
});

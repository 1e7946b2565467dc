import { renamer } from "../../../provider/selectors/rename";
import { renameFailures } from "../../../provider/selectors/renameFailures";
import { selectTags } from "../../../provider/selectors/select";
import { unknown, type Value } from "../../../provider/mirror/lifecycle";

test.each([
  ["v(.*)", "$1", "v1.2.0", "1.2.0"],
  ["v(.*)", "$1", "1.2.0", "1.2.0"],
  ["v", "x", "v1", "v1"],
  ["(\\d+)\\.(\\d+)", "$2.$1", "1.2", "2.1"],
  ["(\\d+)\\.(\\d+)", "${2}0.${1}0", "1.2", "20.10"],
  ["(?P<major>\\d+)(\\..*)?", "${major}$2-corp", "1", "1-corp"],
  ["(?P<major>\\d+)(\\..*)?", "${major}$2-corp", "1.2", "1.2-corp"],
  ["(.*)", "a$$1", "x", "a$1"],
  ["a|ab", "c", "ab", "c"],
  ["(.*)", "$0", "x", "x"],
])("pattern %s to %s: %s is called %s", (pattern, to, tag, name) => {
  expect(renamer({ pattern, to })(tag)).toBe(name);
});

test("without a rule, every tag keeps its name", () => {
  expect(renamer()("v1")).toBe("v1");
});

const all = { mode: "all" } as const;
const hex = "c".repeat(64);

test("tags that would have one name are all dropped, and each names another one", () => {
  const rename = { pattern: "v?(\\d+)\\..*", to: "$1" };
  const listed = { source: ["1.0", "1.1", "v1.2", "2.0"], destination: [] };
  expect(selectTags({ tags: all, rename }, listed)).toEqual({
    chosen: [{ tag: "2.0", name: "2" }],
    dropped: [
      ["1.1", "1.0"],
      ["1.0", "1.1"],
      ["v1.2", "1.0"],
    ].map(([tag, other]) => ({
      tag,
      rule: "rename",
      reason: `would be called 1, as would ${other}: neither is taken`,
    })),
    missing: [],
    counts: { rename: 3 },
  });
});

test.each([
  [".x", 'would be called ".x", which is no valid tag'],
  ["__proto__", "which cannot be kept in Pulumi's state"],
  [`sha256-${hex}`, "which is where evidence is kept"],
  [`sha256-${hex}.sig`, "which is where evidence is kept"],
])("a tag that would be called %s is dropped", (to, reason) => {
  const rename = { pattern: ".*", to };
  const listed = { source: ["1"], destination: [] };
  expect(selectTags({ tags: all, rename }, listed)).toMatchObject({
    chosen: [],
    dropped: [
      { tag: "1", rule: "rename", reason: expect.stringContaining(reason) },
    ],
  });
});

test("a tag of evidence that is wanted keeps its name", () => {
  const rename = { pattern: "v(.*)", to: "$1" };
  const tags = { ...all, evidenceTags: true };
  const listed = { source: [`sha256-${hex}.sig`], destination: [] };
  expect(selectTags({ tags, rename }, listed).chosen).toEqual([
    { tag: `sha256-${hex}.sig`, name: `sha256-${hex}.sig` },
  ]);
});

test("higher compares with the destination's tags as they are called at the source", () => {
  const tags = { mode: "higher", pattern: "v.*" } as const;
  const rename = { pattern: "v(\\d+)\\.(.*)", to: "corp-$1-$2" };
  const source = ["v1.0.0", "v1.1.0", "v1.2.0"];
  const destination = ["corp-1-1.0", "v9.0.0-rc.1"];
  expect(selectTags({ tags, rename }, { source, destination }).chosen).toEqual([
    { tag: "v1.2.0", name: "corp-1-2.0" },
  ]);
});

test("tags of a list that the source does not have are named", () => {
  const tags = { mode: "list", list: ["1", "2", "2", "3"] } as const;
  const listed = { source: ["1"], destination: [] };
  expect(
    selectTags({ tags: { ...tags, list: [...tags.list] } }, listed),
  ).toMatchObject({
    chosen: [{ tag: "1", name: "1" }],
    missing: ["2", "3"],
  });
});

test.each<[string, Value, string, string]>([
  [
    "a pattern that is none",
    { pattern: "(", to: "x" },
    "rename.pattern",
    "is not an RE2 pattern",
  ],
  [
    "a look-ahead",
    { pattern: "(?=a)", to: "x" },
    "rename.pattern",
    "no look-around",
  ],
  [
    "a group that is not there",
    { pattern: "(a)b", to: "$2" },
    "rename.to",
    "names the group 2",
  ],
  [
    "a name that is not there",
    { pattern: "(?P<a>a)b", to: "${b}" },
    "rename.to",
    "names the group b",
  ],
  [
    "a lone dollar",
    { pattern: "a", to: "b$" },
    "rename.to",
    "has a `$` that names no group",
  ],
])("%s is told at its property", (_, rename, property, reason) => {
  expect(renameFailures(rename)).toEqual([
    { property, reason: expect.stringContaining(reason) },
  ]);
});

test.each<[string, Value]>([
  ["a good rule", { pattern: "(?P<a>a)b", to: "$1${a}$$" }],
  ["no rule", undefined],
  ["a rule that is not known yet", { pattern: unknown, to: "$9" }],
  ["a shape that is told elsewhere", { pattern: 1 }],
])("%s has nothing wrong", (_, rename) => {
  expect(renameFailures(rename)).toEqual([]);
});

test("a rule elsewhere is told there", () => {
  expect(
    renameFailures({ pattern: "(", to: "x" }, "groups[0].rename"),
  ).toMatchObject([{ property: "groups[0].rename.pattern" }]);
});

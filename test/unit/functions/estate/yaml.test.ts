import fc from "fast-check";
import { head, placesIn, problemsIn } from "./reading";

test("anchors and merge keys are YAML's own, and what is wrong behind them is told where it is written", () => {
  const text = `${head}  onRefused: keep
artifacts:
  one: &one { source: ghcr/one:1, destination: us/one, onRefused: fail }
  two: { <<: *one, source: ghcr/two:1, destination: us/two }
  three: { <<: [*one], destination: us/three }
`;
  expect(placesIn(text)).toMatchObject({
    two: "ghcr.io/acme/two:1 → us.example/two:1",
    three: "ghcr.io/acme/one:1 → us.example/three:1",
  });
  const broken = text.replace("onRefused: fail", "onRefused: x");
  expect(problemsIn(broken)).toEqual([
    '9:56 must be "fail" or "keep"',
    '9:56 must be "fail" or "keep"',
    '9:56 must be "fail" or "keep"',
  ]);
});

test.each([
  [
    "a key that stands twice",
    "version: 1\nversion: 1\n",
    "2:1 version stands twice here",
  ],
  ["a line without a value", "version:\n", "1:9 is empty"],
  ["a word without a value", "{ version }\n", "1:3 is empty"],
  ["a key that is no text", "? [a]\n: 1\n", "1:3 a key must be a text"],
  ["a merge of no object", "<<: [a]\nversion: 1\n", "1:5 << takes an object"],
  [
    "a name that is none",
    "__proto__: 1\n",
    "1:1 is not a name that can be used",
  ],
  ["no file at all", "", "1:1 is empty"],
  ["an alias of nothing", "version: *one\n", "1:10 "],
  [
    "an alias of itself",
    "version: &a [*a]\n",
    "1:14 *a names nothing that is complete",
  ],
  ["two documents", "version: 1\n---\nversion: 1\n", "2:1 is not YAML: "],
  ["a broken line", 'version: "1\n', "2:1 is not YAML: "],
  [
    "a tag of somebody's program",
    "version: !!js/function x\n",
    "1:10 is not YAML: ",
  ],
  ["another version", "version: 2\n", "1:1 must be 1"],
  ["a list", "- version: 1\n", "1:1 must be an object"],
  ["a text", "version 1\n", "1:1 must be an object"],
])("%s is refused where it stands", (_, text, expected) => {
  expect(problemsIn(text)[0]?.slice(0, expected.length)).toBe(expected);
});

const level = (at: number) =>
  `a${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(", ")}]\n`;
const levels = Array.from({ length: 20 }, (_, at) => level(at + 1)).join("");
const members = Array.from({ length: 1000 }, (_, at) => `k${at}: 1`).join(", ");
const merges = "  - { <<: *a }\n".repeat(2500);

test.each([
  ["aliases of aliases", `a0: &a0 [x]\n${levels}`],
  ["merges of one large object", `a: &a { ${members} }\nb:\n${merges}`],
])("a small file that %s make large is refused, and quickly", (_, text) => {
  expect(problemsIn(text).join()).toContain(
    "makes the file too large by its aliases",
  );
});

test.each([50, 100_000])("a nest of %s lists is refused", (depth) => {
  expect(
    problemsIn(`version: ${"[".repeat(depth)}${"]".repeat(depth)}`),
  ).toEqual(
    expect.arrayContaining([
      expect.stringContaining("is nested too deeply to be an estate"),
    ]),
  );
});

test("a file that is too large is not even parsed", () => {
  expect(problemsIn(" ".repeat(16 * 1024 * 1024 + 1))).toEqual([
    "1:1 has more than 16777216 bytes: split the file",
  ]);
});

test("more resources than a stack can carry are refused", () => {
  const tags = Array.from({ length: 1000 }, (_, at) => `"t${at}"`).join(",");
  const entries = Array.from(
    { length: 101 },
    (_, at) => `  a${at}: { source: ghcr/a${at}:1, additionalTags: *t }\n`,
  );
  const first = `  x: { source: ghcr/x:1, additionalTags: &t [${tags}] }\n`;
  expect(problemsIn(`${head}artifacts:\n${first}${entries.join("")}`)).toEqual([
    "1:1 makes more than 100000 resources: split the file",
  ]);
});

const sound = `${head}artifacts:
  one: &one { source: ghcr/one:1, additionalTags: ["1.0"] }
  two: { <<: *one, source: ghcr/two:1, destination: [corp/two, us/two] }
groups:
  g: { sourcePrefix: ghcr, repositories: { three: { source: three, tags: { mode: all } } } }
`;

test("whatever is written into a file, it is either understood or told what is wrong with it", () => {
  const pieces = fc.constantFrom(
    ...'\n|  |- |{|}|[|]|: |*one|&one |<<: |oci:|@|"|? |!x |~|\u0000'.split(
      "|",
    ),
    "|\n",
    "__proto__: 1\n",
  );
  const edit = fc.record({
    at: fc.nat(sound.length),
    cut: fc.nat(12),
    put: pieces,
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(
        (before, { at, cut, put }) =>
          before.slice(0, at) + put + before.slice(at + cut),
        sound,
      );
      for (const problem of problemsIn(text))
        expect(problem).toMatch(/^[1-9]\d*:[1-9]\d* \S/);
    }),
    { seed: 6, numRuns: 500 },
  );
});

import fc from "fast-check";
import semver from "semver";
import { tagRules, versionRules } from "../../../provider/selectors/catalog";
import { chooseTags, knowsVersions } from "../../../provider/selectors/choose";
import { selectTags } from "../../../provider/selectors/select";
import type { TagsInput } from "../../../provider/selectors/tagsInput";
import {
  compareVersions,
  readVersion,
} from "../../../provider/selectors/version";
import { fuzz } from "../fuzz/fuzzing";

const number = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 12 }).map(String) },
  fc.constantFrom(
    "0",
    "007",
    "1024",
    "1025",
    "20240101",
    "9007199254740993",
    "18446744073709551616",
  ),
);
const suffix = fc.constantFrom(
  "",
  "",
  "",
  "-alpine",
  "-rc.1",
  "-rc.2",
  "-0",
  "-alpha.1.x",
);
const version = fc
  .tuple(
    fc.constantFrom("", "v"),
    fc.array(number, { minLength: 1, maxLength: 4 }),
    suffix,
  )
  .map(([v, parts, pre]) => `${v}${parts.join(".")}${pre}`);
const tag = fc.oneof(
  { weight: 6, arbitrary: version },
  fc.constantFrom(
    "latest",
    "edge",
    `sha256-${"b".repeat(64)}`,
    `sha256-${"b".repeat(64)}.sig`,
  ),
  fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/),
);
const tags = fc.uniqueArray(tag, { maxLength: 40 });

const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.option(value, { nil: undefined, freq: 2 });

/** Rules as a check lets them through, and some more; `ties` stay as they are by default. */
const rules: fc.Arbitrary<TagsInput> = fc
  .record({
    mode: fc.constantFrom("highest", "higher", "semver", "all", "list"),
    list: maybe(fc.array(tag, { minLength: 1, maxLength: 5 })),
    range: maybe(fc.constantFrom(">=1.2 <5", "^1", "*", "3.x || 7.x")),
    pattern: maybe(fc.constantFrom("v?[0-9.]+", ".*", "[a-z]+", "v?1.*")),
    exclude: maybe(fc.constantFrom(["latest"], [".*-rc.*", "v.*"])),
    compatibility: maybe(fc.constantFrom("alpine", "rc.1")),
    prereleases: maybe(fc.boolean()),
    pinnedMajor: maybe(fc.nat({ max: 4 })),
    newest: maybe(fc.integer({ min: 1, max: 4 })),
    calendar: maybe(fc.boolean()),
    evidenceTags: maybe(fc.boolean()),
    whenEmpty: maybe(fc.constantFrom("none", "highest", "all")),
  })
  .map((given) => JSON.parse(JSON.stringify(given)));

const listed = fc.record({ source: tags, destination: tags });
const asked = fc.record({ rules, listed });

test("every tag of the source is chosen or dropped, and never both", () =>
  fuzz(asked, ({ rules, listed }) => {
    const { chosen, dropped } = chooseTags(rules, listed);
    expect([...chosen, ...dropped.map(({ tag }) => tag)].sort()).toEqual(
      [...listed.source].sort(),
    );
    for (const { rule, reason } of dropped) {
      expect(rule).not.toBe("");
      expect(reason).not.toBe("");
    }
  }));

test("the selection does not depend on the order in which a registry lists", () => {
  const shuffled = asked.chain(({ rules, listed: { source, destination } }) =>
    fc.record({
      rules: fc.constant(rules),
      listed: fc.constant({ source, destination }),
      again: fc.record({
        source: fc.shuffledSubarray(source, { minLength: source.length }),
        destination: fc.shuffledSubarray(destination, {
          minLength: destination.length,
        }),
      }),
    }),
  );
  return fuzz(shuffled, ({ rules, listed, again }) => {
    const [one, other] = [chooseTags(rules, listed), chooseTags(rules, again)];
    const inOrder =
      rules.mode === "all"
        ? (all: readonly string[]) => [...all].sort()
        : (all: readonly string[]) => all;
    expect(inOrder(other.chosen)).toEqual(inOrder(one.chosen));
    const told = ({ dropped }: typeof one) =>
      Object.fromEntries(dropped.map(({ tag, rule }) => [tag, rule]));
    expect(told(other)).toEqual(told(one));
  });
});

test("what is lower than the highest never changes it", () => {
  const withLower = fc.record({ listed: tags, lower: tags });
  return fuzz(withLower, ({ listed, lower }) => {
    const rules: TagsInput = { mode: "highest" };
    const [top = ""] = chooseTags(rules, {
      source: listed,
      destination: [],
    }).chosen;
    const highest = readVersion(top);
    const below = lower.filter((tag) => {
      const version = readVersion(tag);
      return !version || (highest && compareVersions(version, highest) < 0);
    });
    const more = { source: [...below, ...listed], destination: [] };
    expect(chooseTags(rules, more).chosen).toEqual(top === "" ? [] : [top]);
  });
});

test("every chosen tag satisfies every rule by itself", () =>
  fuzz(asked, ({ rules, listed }) => {
    for (const tag of chooseTags(rules, listed).chosen) {
      for (const { prepare } of tagRules)
        expect(prepare(rules)?.(tag)).toBeUndefined();
      if (!knowsVersions(rules.mode)) continue;
      const version = readVersion(tag);
      if (!version) throw new Error(`${tag} is no version`);
      for (const { prepare } of versionRules)
        expect(prepare(rules)?.(version)).toBeUndefined();
    }
  }));

test("a version below another one that is chosen is dropped by newest only", () =>
  fuzz(asked, ({ rules, listed }) => {
    const { chosen } = chooseTags({ ...rules, mode: "semver" }, listed);
    const versions = chosen.map((tag) => readVersion(tag));
    versions.slice(1).forEach((version, index) => {
      const before = versions[index];
      if (!version || !before) throw new Error("no version");
      expect(compareVersions(before, version)).toBeLessThanOrEqual(0);
    });
  }));

test("versions are ordered as npm orders them, as far as npm can", () => {
  const pair = fc.tuple(version, version);
  return fuzz(
    pair,
    ([one, other]) => {
      const ours = [readVersion(one), readVersion(other)];
      const theirs = [semver.parse(one), semver.parse(other)];
      if (!theirs[0] || !theirs[1]) return;
      if (!ours[0] || !ours[1]) throw new Error("npm reads what we do not");
      expect(Math.sign(compareVersions(ours[0], ours[1]))).toBe(
        semver.compare(theirs[0], theirs[1]),
      );
    },
    3000,
  );
});

test("names at the destination are all different, whatever the rename does", () => {
  const renamed = fc.record({
    rules,
    listed,
    rename: fc.record({
      pattern: fc.constantFrom("v?(?P<n>.*)", "([0-9]+)\\..*", "(.)(.*)"),
      to: fc.constantFrom("$1", "x", "sha256-$1", "${1}-$$", "$1/$1"),
    }),
  });
  return fuzz(renamed, ({ rules: tags, rename, listed }) => {
    const { chosen, dropped, counts } = selectTags({ tags, rename }, listed);
    const names = chosen.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(chosen.length + dropped.length).toBe(listed.source.length);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(
      dropped.length,
    );
  });
});

test.each([
  "(a+)+b",
  "(a|a)*b",
  "(.*)*x",
  "([a-z]+)*\\.",
  "(a?){64}a{64}b",
  "(x+x+)+y",
])(
  "the pattern %s takes no longer for a tag that nearly matches",
  (pattern) => {
    const source = Array.from(
      { length: 200 },
      (_, n) => `${"a".repeat(60)}${"x".repeat(60)}${n}`,
    );
    const began = performance.now();
    const rules: TagsInput = { mode: "all", pattern, exclude: [pattern] };
    chooseTags(rules, { source, destination: [] });
    expect(performance.now() - began).toBeLessThan(3000);
  },
);

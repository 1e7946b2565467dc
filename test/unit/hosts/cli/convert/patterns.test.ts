import fc from "fast-check";
import {
  anyOf,
  searchedPattern,
  wholePattern,
} from "../../../../../provider/hosts/cli/convert/dialects/patterns";
import {
  durationOf,
  goRange,
  regsyncRange,
} from "../../../../../provider/hosts/cli/convert/dialects/ranges";

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

const atom = fc.constantFrom("a", "b", "1", "\\.", "[ab|]", "(a|b)", "(?:1|b)");
const sequence = fc.array(atom, { maxLength: 3 }).map((all) => all.join(""));
const pattern = fc
  .array(sequence, { minLength: 1, maxLength: 3 })
  .map((all) => all.join("|"));
const anchored = fc
  .tuple(fc.constantFrom("", "^"), pattern, fc.constantFrom("", "$"))
  .map((parts) => parts.join(""));
const tag = fc.string({ unit: fc.constantFrom(..."ab1.|"), maxLength: 6 });
const seed = { seed: 6, numRuns: 2000 };

test("a pattern of regsync means for us what it means for regsync", () => {
  fc.assert(
    fc.property(anchored, tag, (theirs, name) => {
      const expected = new RegExp(`^${theirs}$`).test(name);
      expect(whole(wholePattern(theirs)).test(name)).toBe(expected);
    }),
    seed,
  );
});

test("several patterns take what one of them takes", () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1 }), tag, (all, name) => {
      const expected = all.some((each) => whole(each).test(name));
      expect(whole(anyOf(all)).test(name)).toBe(expected);
    }),
    seed,
  );
});

test("a pattern that Go searches means for us what it means there", () => {
  fc.assert(
    fc.property(anchored, tag, (theirs, name) => {
      const expected = new RegExp(theirs).test(name);
      expect(whole(searchedPattern(theirs)).test(name)).toBe(expected);
    }),
    seed,
  );
});

test("flags with alternatives at the top are not guessed at", () => {
  expect(wholePattern("(?i)a")).toBe("(?i)a");
  expect(() => wholePattern("(?i)a|b")).toThrow("parentheses");
});

test("an escaped dollar at the end is no anchor", () => {
  expect(searchedPattern("^a\\$")).toBe(".*(?:^a\\$).*");
});

// measured on regclient's semver: a bare version is that version, ~1 is below 1.1, ^0.0 is below 0.0.1
test.each([
  ["1.2", "=1.2.0"],
  ["v1.2.3", "=1.2.3"],
  [">1.2", ">1.2.0"],
  ["<=2", "<=2.0.0"],
  ["~1", ">=1.0.0 <1.1.0"],
  ["^1.2", ">=1.2.0 <2.0.0"],
  ["^0.2.3", ">=0.2.3 <0.3.0"],
  ["^0.0.3", ">=0.0.3 <0.0.4"],
  [">=1.0.0-rc.1+x <2", ">=1.0.0-rc.1+x <2.0.0"],
])("regsync's range %s is our %s", (theirs, ours) => {
  expect(regsyncRange([theirs])).toEqual({ range: ours, prereleases: true });
});

test.each([
  [">= 1.2, < 3", ">=1.2 <3", false],
  ["=>1 || =<0.5", ">=1 || <=0.5", false],
  ["1.2 - 2", "1.2 - 2", false],
  [">1.0.0-0", ">1.0.0-0", true],
  [">=1.0.0-0 <2", ">=1.0.0-0 <2", false],
])("Masterminds' %s is our %s", (theirs, range, prereleases) => {
  expect(goRange(theirs)).toEqual({ range, prereleases });
});

test.each([
  ["48h", "48h"],
  ["1h30m", "90m"],
  ["90s", "2m"],
  ["1.5h", "90m"],
  ["0s", undefined],
  ["2 days", undefined],
])("Go's duration %s is our %s", (theirs, ours) => {
  expect(durationOf(theirs)).toBe(ours);
});

import { nextTarget } from "../../../provider/stores/registry/reading/links";
import { parseChallenges } from "../../../provider/stores/registry/login/challenge";

const long = 15_000;

test.each([
  ["spaces in a relation", `<a>;rel="${" ".repeat(long)}y"`],
  ["relations without end", `<a>;rel="${"x ".repeat(long / 2)}"`],
  ["parameters without end", `<a>${";x ".repeat(long / 3)}"`],
  ["links without end", "<a>,".repeat(long / 4)],
  ["spaces behind a parameter", `<a>;x${" ".repeat(long)}y`],
])("a Link header of %s is read at once", (_, header) => {
  const begin = performance.now();
  nextTarget(header);
  expect(performance.now() - begin).toBeLessThan(100);
});

test.each([
  ["words", "a ".repeat(long / 2)],
  ["equal signs", `Bearer ${"=".repeat(long)}x`],
  ["quotes", `Bearer realm="${'\\"'.repeat(long / 2)}`],
  ["commas", ",".repeat(long)],
  ["spaces", `Bearer a${" ".repeat(long)}b`],
])("a challenge of %s is read at once", (_, header) => {
  const begin = performance.now();
  parseChallenges(header);
  expect(performance.now() - begin).toBeLessThan(100);
});

test.each([
  ['</n>; rel="next"', "/n"],
  ["</n>;rel=next", "/n"],
  ['</n>; title="a, b"; REL="prev Next"', "/n"],
  ['</p>; rel=prev, </n>; rel="next"', "/n"],
  ['</n>; title="; rel=next"', undefined],
  ['</n>; rel="nextish"', undefined],
  ["</n>; xrel=next", undefined],
])("%s leads to %s", (header, target) => {
  expect(nextTarget(header)).toBe(target);
});

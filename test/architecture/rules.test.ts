import { readdirSync, readFileSync } from "node:fs";
import { rules } from "../registry/rules";

/** The numbers in the text of tests: `W85`, and all of `W01–W03`. Comments do not count. */
function numbersIn(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ""))
    .filter((line) => /["'`]/.test(line))
    .flatMap((line) => [
      ...line.matchAll(/\b([WN])(\d{2,3})(?:–[WN](\d{2,3}))?\b/g),
    ])
    .flatMap(([, kind = "", from = "", to = from]) =>
      Array.from(
        { length: Number(to) - Number(from) + 1 },
        (_, index) => `${kind}${String(Number(from) + index).padStart(2, "0")}`,
      ),
    );
}

const named = new Set(
  readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter(
      (file) => file.endsWith(".test.ts") && !file.startsWith("architecture"),
    )
    .flatMap((file) => numbersIn(readFileSync(`test/${file}`, "utf8"))),
);

test("every rule of the wire and every negative case has a test with its number in its name", () => {
  const without = rules.filter(({ id }) => !named.has(id));
  expect(without).toEqual([]);
});

test("tests bear no number that is no rule", () => {
  const known = new Set(rules.map(({ id }) => id));
  expect([...named].filter((id) => !known.has(id))).toEqual([]);
});

test("the list of rules is whole: 104 of the wire, 65 cases, each once", () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id.startsWith("W"))).toHaveLength(104);
  expect(ids.filter((id) => id.startsWith("N"))).toHaveLength(65);
});

test("a comment is no name, a range names all between", () => {
  expect(numbersIn('test("W80–W82: copies", () => { // W83')).toEqual([
    "W80",
    "W81",
    "W82",
  ]);
});

import { readEstate } from "../../../provider/functions/estate/read";
import { chooseTags } from "../../../provider/selectors/choose";
import { tagsFailures } from "../../../provider/selectors/tagsFailures";

const many = Array.from({ length: 100_000 }, (_, at) => `1.${at % 300}.${at}`);

test("a hundred thousand named tags are checked, and chosen, at once", () => {
  const rules = { mode: "list", list: many } as const;
  const begun = performance.now();
  expect(tagsFailures(rules)).toEqual([]);
  const { chosen } = chooseTags(rules, { source: many, destination: [] });
  expect(chosen).toHaveLength(many.length);
  expect(performance.now() - begun).toBeLessThan(10_000); // squared, it took a minute
});

test("a tag that is named twice is told at its second place", () => {
  expect(tagsFailures({ mode: "list", list: ["a", "b", "a"] })).toEqual([
    { property: "tags.list[2]", reason: "is named twice" },
  ]);
});

test("a named policy of an estate cannot hide behind another name", () => {
  const text = `version: 1
policies:
  strict: { use: loose }
  loose: { unverified: nobody looks }
artifacts:
  app: { source: one.example/app:1, destination: two.example/app:1, policy: strict }
`;
  const floor = { policies: {}, allowUnverified: false };
  expect(readEstate(text, { floor })).toMatchObject({
    problems: [{ path: ["policies", "strict", "use"], line: 3 }],
  });
});

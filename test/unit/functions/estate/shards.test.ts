import fc from "fast-check";
import { shardOf } from "../../../../provider/functions/estate/shard";
import { estateIn, head } from "./reading";

const names = Array.from(
  { length: 10_000 },
  (_, at) => `team-${at % 37}/app-${at}`,
);

test.each([1, 2, 3, 7, 16])(
  "ten thousand entries in %s shards: each in one, and the shards about even",
  (count) => {
    const shards = names.map((name) => shardOf(name, count));
    const sizes = Array.from(
      { length: count },
      (_, index) => shards.filter((shard) => shard === index).length,
    );
    const mean = names.length / count;
    // five standard deviations of a fair deal
    const most = 5 * Math.sqrt(mean * (1 - 1 / count));
    for (const size of sizes)
      expect(Math.abs(size - mean)).toBeLessThanOrEqual(most);
  },
);

test.each([1, 2, 5, 9])(
  "a shard more than %s takes its part from all, and nothing else moves",
  (count) => {
    const moved = names.filter(
      (name) => shardOf(name, count) !== shardOf(name, count + 1),
    );
    for (const name of moved) expect(shardOf(name, count + 1)).toBe(count);
    const share = names.length / (count + 1);
    expect(Math.abs(moved.length - share)).toBeLessThan(5 * Math.sqrt(share));
  },
);

const entry = fc.record({
  name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/),
  regions: fc.boolean(),
  tags: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
});

test("the union of the shards is the estate, whatever the estate and however many shards", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      (entries, count) => {
        const text = `${head}artifacts:\n  first: ghcr/first-of-all:1\n${entries
          .filter(({ name }) => name !== "first")
          .map(
            ({ name, regions, tags }) =>
              `  "${name}": { source: ghcr/${name.replace(/-+/g, "")}x${name.length}x${Buffer.from(name).toString("hex")}:1, destinationPrefix: ${regions ? "[corp, us]" : "corp"}${
                tags.length > 0 ? `, additionalTags: [${tags.join()}]` : ""
              } }\n`,
          )
          .join("")}`;
        const whole = estateIn(text);
        const parts = Array.from({ length: count }, (_, index) =>
          estateIn(text, { index, count }),
        );
        const all = parts.flatMap(({ declared }) => declared);
        const byName = (one: { name: string }, two: { name: string }) =>
          one.name < two.name ? -1 : 1;
        expect([...all].sort(byName)).toEqual([...whole.declared].sort(byName));
        expect(parts.map(({ total }) => total)).toEqual(
          parts.map(() => whole.declared.length),
        );
      },
    ),
    { seed: 6, numRuns: 60 },
  );
});

test("an artifact with several destinations and tags stays in one shard", () => {
  const text = `${head}artifacts:
  app: { source: ghcr/app:1, destinationPrefix: [corp, us], additionalTags: [a, b] }
`;
  const sizes = [0, 1, 2].map(
    (index) => estateIn(text, { index, count: 3 }).declared.length,
  );
  expect(sizes.toSorted((one, two) => one - two)).toEqual([0, 0, 6]);
});

test("the deal is for ever: an entry's shard is the same in every version", () => {
  expect(
    ["nginx", "app", "podinfo", "charts/x"].map((name) => shardOf(name, 5)),
  ).toEqual([1, 1, 4, 4]);
});

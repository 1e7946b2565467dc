import type { Policy } from "../../../provider/mirror/ports";
import { covering, forPlatform, judge } from "./judged";
import { MemoryStore } from "./memoryStore";
import { policy, requirement } from "./policies";

test("what must see everything sees what there is about the root, too, where parts are to cover it", async () => {
  const seen: number[] = [];
  const own = requirement({ word: "never" });
  const counting = (needsAll: boolean): Policy => ({
    ...policy({
      ...own,
      needsAll,
      judge: (judged, by) => {
        seen.push(judged.evidence.length);
        return own.judge(judged, by);
      },
    }),
    coverage: "either",
  });
  const store = new MemoryStore("source");
  const part = store.image("one");
  const root = store.index([forPlatform(part, "linux/amd64")]);
  for (const one of [root, part]) store.referrer(one, "good");
  await judge(store, root, counting(false));
  expect(seen.splice(0)).toEqual([1, 1]);
  await judge(store, root, counting(true));
  expect(seen).toEqual([1, 2]);
});

test.each([
  ["a plugin's no about the root is not outvoted", false, "failed"],
  ["a signature on the platform does for the root's", true, "passed"],
])("where either suffices, %s", async (_, proves, outcome) => {
  const store = new MemoryStore("source");
  const part = store.image("one");
  const root = store.index([forPlatform(part, "linux/amd64")]);
  store.referrer(root, "bad");
  store.referrer(part, "good");
  const by: Policy = {
    ...policy(requirement({ proves })),
    coverage: "either",
  };
  const { verdicts } = await judge(store, root, by);
  expect(verdicts).toMatchObject([{ outcome }]);
});

test("T28: where no platform is covered by itself, a signature on the index around them is not denied", async () => {
  const store = new MemoryStore("source");
  const part = store.image("one");
  const root = store.index([forPlatform(part, "linux/amd64")]);
  store.referrer(root, "good");
  const { enter } = await judge(store, root, covering("platforms"));
  expect(enter).toThrow(/none of its platforms is covered: linux\/amd64: /);
});

import { broken, brokenRerun } from "./invariants";
import { useStages } from "./stage";

const set = useStages();

test("without faults the copy is whole, and the second run writes nothing", async () => {
  const stage = await set();
  const outcome = await stage.up();
  expect(outcome.error).toBeUndefined();
  expect(broken(stage, outcome)).toEqual([]);
  expect(outcome.tookMs).toBe(0);
  expect(await brokenRerun(stage)).toEqual([]);
});

import { startRegistry } from "../registry/registry";
import type { Feature } from "../registry/requirement";
import { requirements } from "../registry/requirements";
import { Speaker } from "../registry/speaker";
import { conversation } from "./conversation";
import { type RunningDistribution, startDistribution } from "./distribution";
import { type Heard, listen } from "./listen";
import { describeWithGo } from "./tools";

const lacks: readonly (Feature | undefined)[] = ["referrers", "singlePost"];

describeWithGo("distribution v3 and the registry of our tests", () => {
  let real: RunningDistribution;
  beforeAll(
    async () => {
      real = await startDistribution();
    },
    20 * 60 * 1000,
  );
  afterAll(() => real?.close());

  const expected = requirements.filter(({ needs }) => !lacks.includes(needs));
  test.each(expected.map((one, at) => ({ ...one, at })))(
    "distribution holds $rule: $sentence",
    async ({ prove, at }) => {
      await prove(new Speaker(real.origin, `team/app${at}`));
    },
  );

  const missing = requirements.filter(({ needs }) => lacks.includes(needs));
  test.each(missing.map((one, at) => ({ ...one, at })))(
    "distribution still lacks $rule: $sentence",
    async ({ prove, at }) => {
      const speaker = new Speaker(real.origin, `team/lacking${at}`);
      await expect(prove(speaker)).rejects.toThrow();
    },
  );

  test("both answer a whole conversation alike, but where it says why not", async () => {
    const fresh = await startDistribution();
    const ours = await startRegistry({
      referrersApi: false,
      singlePost: false,
      strictAccept: "distribution",
    });
    const named = (heard: readonly Heard[]) =>
      conversation.map(({ name, differs }, at) => ({
        name,
        ...(differs === undefined ? heard[at] : {}),
      }));
    const theirs = await listen(fresh.origin);
    const mine = await listen(ours.origin);
    await fresh.close();
    await ours.close();
    expect(named(mine)).toEqual(named(theirs));
    conversation.forEach(({ differs }, at) => {
      if (differs !== undefined) expect(mine[at]).not.toEqual(theirs[at]);
    });
  });
});

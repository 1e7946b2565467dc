import { faults } from "../faults/catalog";
import { endOf } from "../faults/invariants";
import { startProxy } from "../faults/proxy";
import { setStage } from "../faults/stage";
import { ask } from "../registry/plainHttp";
import type { Feature } from "../registry/requirement";
import { requirements } from "../registry/requirements";
import { Speaker } from "../registry/speaker";
import { type RunningDistribution, startDistribution } from "./distribution";
import { describeWithGo } from "./tools";

const lacks: readonly (Feature | undefined)[] = ["referrers", "singlePost"];
const accept =
  "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

describeWithGo("distribution behind the fault proxy", () => {
  let real: RunningDistribution;
  beforeAll(
    async () => {
      real = await startDistribution();
    },
    20 * 60 * 1000,
  );
  afterAll(() => real?.close());

  test.each(
    requirements
      .filter(({ needs }) => !lacks.includes(needs))
      .map((one, at) => ({ ...one, at })),
  )(
    "without rules it changes nothing: $rule: $sentence",
    async ({ prove, at }) => {
      const proxy = await startProxy({ upstream: real.origin });
      try {
        await prove(new Speaker(proxy.origin, `behind/app${at}`));
      } finally {
        await proxy.close();
      }
    },
  );

  const atDestination = faults.filter(({ side }) => side === "destination");
  test.each(
    atDestination
      .filter(({ word }) => !word.includes("token")) // this one asks for no login
      .map((one, at) => [one.word, one.required.ends, one, at] as const),
  )("%s at a real registry: %s", async (word, _, { rules, required }, at) => {
    const stage = await setStage({ upstream: real.origin });
    const { proxy } = stage.to;
    const repository = `faulty/app${at}`;
    try {
      for (const rule of rules) proxy.misbehave(rule);
      const inputs = { destination: `${proxy.host}/${repository}:1` };
      const outcome = await stage.up({ inputs });
      const wanted = required.ends === "copied" ? "copied" : required.code;
      expect([word, endOf(outcome), outcome.error]).toEqual([
        word,
        wanted,
        wanted === "copied" ? undefined : expect.any(Error),
      ]);
      const tag = await ask(real.origin, {
        path: `/v2/${repository}/manifests/1`,
        headers: { accept },
      });
      expect(tag.status).toBe(required.ends === "copied" ? 200 : 404);
      proxy.behave();
      expect(endOf(await stage.up({ inputs }))).toBe("copied");
    } finally {
      await stage.close();
    }
  });
});

import { childOf, layerOf, pathTo } from "./asked";
import { broken, brokenRerun, endOf } from "./invariants";
import { counts } from "../registry/recorder";
import { destinationName, useStages, type Stage } from "./stage";

const set = useStages();
const always = Number.POSITIVE_INFINITY;
const day = 24 * 60 * 60 * 1000;
const short = { network: { limits: { headersMs: 100, idleMs: 100 } } };

describe("slow-loris (W15, G9)", () => {
  test("a body that drips: given up by the throughput rule, then taken up again", async () => {
    const stage = await set();
    const { proxy } = stage.from;
    const path = pathTo(layerOf(stage).digest);
    const action = { dripEveryMs: 5000 };
    proxy.misbehave({ name: "drip", method: "GET", path, action });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(broken(stage, outcome)).toEqual([]);
    const dripped = proxy.journal.find(({ rule }) => rule === "drip");
    expect(dripped?.durationMs).toBeLessThanOrEqual(65_000);
  });

  test("a body that always drips: NETWORK in bounded time", async () => {
    const stage = await set();
    stage.from.proxy.misbehave({
      method: "GET",
      path: pathTo(layerOf(stage).digest),
      times: always,
      action: { dripEveryMs: 10_000 },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("NETWORK");
    expect(outcome.tookMs).toBeLessThan(10 * 60_000);
    expect(broken(stage, outcome)).toEqual([]);
    expect(await brokenRerun(stage)).toEqual([]);
  });

  test.each([
    ["an answer that never begins", { stall: true }],
    ["a body that stops in the middle", { hangAt: 100 }],
  ])("%s: asked again", async (_, action) => {
    const stage = await set(short);
    for (const path of [
      pathTo(layerOf(stage).digest),
      pathTo(childOf(stage).descriptor.digest),
    ]) {
      stage.from.proxy.misbehave({ method: "GET", path, action });
    }
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("an answer that never begins, always: NETWORK", async () => {
    const stage = await set(short);
    stage.from.proxy.misbehave({
      method: "GET",
      path: /\/manifests\/sha256/,
      times: always,
      action: { stall: true },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("NETWORK");
    expect(broken(stage, outcome)).toEqual([]);
  });
});

describe("clock-skew (W24)", () => {
  const asked = ({ from, to }: Stage) => [
    counts(from.proxy.journal),
    counts(to.proxy.journal),
  ];
  let jumps = 0;

  test.each([
    ["a day behind", (truly: Date) => new Date(truly.getTime() - day)],
    ["a day ahead", (truly: Date) => new Date(truly.getTime() + day)],
    [
      "jumping to and fro",
      (truly: Date) => new Date(truly.getTime() + (jumps++ % 2 ? -1 : 1) * day),
    ],
  ])("%s: as many requests as with the right time", async (_, date) => {
    const right = await set();
    expect(endOf(await right.up())).toBe("copied");
    const skewed = await set({ date });
    const outcome = await skewed.up();
    expect(endOf(outcome)).toBe("copied");
    expect(asked(skewed)).toEqual(asked(right));
    expect(broken(skewed, outcome)).toEqual([]);
  });
});

describe("registry-restart-mid-copy", () => {
  test.each([
    ["with the same secret", false],
    ["with another secret", true],
  ])("%s: copied", async (_, forgetUploads) => {
    for (const [method, path] of [
      ["POST", /uploads/],
      ["PUT", /uploads/],
      ["PUT", /\/manifests\/sha256/],
      ["PUT", /\/manifests\/1$/],
    ] as const) {
      const stage = await set();
      const meanwhile = () => void stage.to.registry.restart({ forgetUploads });
      stage.to.proxy.misbehave({ method, path, action: { meanwhile } });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("copied");
      expect(broken(stage, outcome)).toEqual([]);
    }
  });
});

describe("two-runs-same-destination (G11)", () => {
  test.each([
    ["the same tag", () => "1", true],
    ["the same tag, without a referrers API", () => "1", false],
    ["different tags", (run: number) => `r${run}`, true],
    [
      "different tags, without a referrers API",
      (run: number) => `r${run}`,
      false,
    ],
  ])(
    "four at once, %s: all arrive, and nothing is lost",
    async (_, tag, referrersApi) => {
      const stage = await set({ to: { auth: "token", referrersApi } });
      const host = stage.to.proxy.host;
      const outcomes = await Promise.all(
        [0, 1, 2, 3].map((run) =>
          stage.up({
            inputs: { destination: `${host}/${destinationName}:${tag(run)}` },
          }),
        ),
      );
      expect(outcomes.map(endOf)).toEqual(Array(4).fill("copied"));
      for (const run of [0, 1, 2, 3]) {
        expect(stage.to.registry.tag(destinationName, tag(run))).toBe(
          stage.artifact.descriptor.digest,
        );
      }
      const last = await stage.up();
      expect(broken(stage, last)).toEqual([]);
    },
  );
});

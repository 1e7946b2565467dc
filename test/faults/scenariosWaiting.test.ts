import { askedFor, childOf, layerOf, pathTo } from "./asked";
import { broken, brokenRerun, endOf } from "./invariants";
import { destinationName, useStages, type Stage } from "./stage";

const set = useStages();
const always = Number.POSITIVE_INFINITY;
const hours6 = 6 * 60 * 60 * 1000;

/** Where a registry may say that it is too much, and how often a copy asks there. */
const places: readonly (readonly [
  string,
  "from" | "to",
  string,
  (stage: Stage) => RegExp,
])[] = [
  ["a tag", "from", "HEAD", () => /\/manifests\/1$/],
  ["a manifest", "from", "GET", (at) => pathTo(childOf(at).descriptor.digest)],
  ["a blob", "from", "GET", (at) => pathTo(layerOf(at).digest)],
  ["a token", "from", "GET", () => /^\/token/],
  [
    "referrers",
    "from",
    "GET",
    (at) => new RegExp(`/referrers/${at.artifact.descriptor.digest}`),
  ],
  ["a commit", "to", "PUT", (at) => pathTo(layerOf(at).digest)],
  ["a child", "to", "PUT", (at) => pathTo(childOf(at).descriptor.digest)],
  ["the tag at last", "to", "PUT", () => /\/manifests\/1$/],
];

describe("429-with-retry-after (F07, W140, G10)", () => {
  test.each(
    places.flatMap(([word, side, method, path]) =>
      [1, 3].map((seconds) => [seconds, word, side, method, path] as const),
    ),
  )(
    "%i s at %s: the next one comes no sooner, and the copy arrives",
    async (seconds, _, side, method, path) => {
      const stage = await set();
      const { proxy } = stage[side];
      proxy.misbehave({
        name: "429",
        method,
        path: path(stage),
        action: { status: 429, headers: { "retry-after": String(seconds) } },
      });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("copied");
      expect(broken(stage, outcome)).toEqual([]);
      const at = proxy.journal.findIndex(({ rule }) => rule === "429");
      const refused = proxy.journal[at];
      const next = proxy.journal
        .slice(at + 1)
        .find((one) => one.path === refused?.path);
      const waited = (next?.at ?? 0) - (refused?.at ?? 0);
      expect(waited).toBeGreaterThanOrEqual(seconds * 1000);
      expect(waited).toBeLessThan(seconds * 1000 + 2000);
    },
  );

  test("no request at all goes to that host before its time", async () => {
    const stage = await set();
    const { proxy } = stage.from;
    proxy.misbehave({
      name: "429",
      method: "GET",
      path: /\/manifests\/sha256/,
      action: { status: 429, headers: { "retry-after": "30" } },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    const refused = proxy.journal.find(({ rule }) => rule === "429");
    const until = (refused?.at ?? 0) + 30_000;
    const early = proxy.journal.filter(
      ({ at }) => at > (refused?.at ?? 0) && at < until,
    );
    expect(early).toEqual([]);
  });

  test("as a date", async () => {
    const stage = await set();
    const { digest } = layerOf(stage);
    const date = new Date(stage.clock.date().getTime() + 5000).toUTCString();
    const { proxy } = stage.from;
    proxy.misbehave({
      method: "GET",
      path: pathTo(digest),
      action: { status: 429, headers: { "retry-after": date } },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    const [first, second] = askedFor(proxy.journal, digest, "GET");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(4000);
  });

  test.each(places)(
    "429-6h at %s: RATE_LIMITED at once, with the time (F08)",
    async (_, side, method, path) => {
      const stage = await set();
      stage[side].proxy.misbehave({
        method,
        path: path(stage),
        times: always,
        action: { status: 429, headers: { "retry-after": "21600" } },
      });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("RATE_LIMITED");
      expect(outcome.tookMs).toBeLessThan(1000);
      expect(outcome.error).toMatchObject({
        retryAt: new Date(Date.UTC(2026, 0, 1) + hours6),
      });
      expect(broken(stage, outcome)).toEqual([]);
      expect(stage.to.registry.tag(destinationName, "1")).toBeUndefined();
      expect(await brokenRerun(stage)).toEqual([]);
    },
  );
});

describe("500-then-ok (F09, W144)", () => {
  test.each(
    places.flatMap(([word, ...rest]) =>
      [1, 2, 5].map((times) => [times, word, ...rest] as const),
    ),
  )("%i times at %s: copied", async (times, _, side, method, path) => {
    const stage = await set();
    const action = { status: 500 };
    const rule = { name: "500", method, path: path(stage), times, action };
    const order = stage[side].proxy.misbehave(rule);
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(order.hits).toBe(times);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test.each(places)(
    "always at %s: REGISTRY_UNAVAILABLE after six tries",
    async (_, side, method, path) => {
      const stage = await set();
      const action = { status: 500 };
      const order = stage[side].proxy.misbehave({
        method,
        path: path(stage),
        times: always,
        action,
      });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("REGISTRY_UNAVAILABLE");
      expect(order.hits).toBe(6);
      expect(outcome.tookMs).toBeLessThan(5 * 60_000);
      expect(broken(stage, outcome)).toEqual([]);
      expect(stage.to.registry.tag(destinationName, "1")).toBeUndefined();
      expect(await brokenRerun(stage)).toEqual([]);
    },
  );
});

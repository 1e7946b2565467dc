import { askedFor, childOf, layerOf, pathTo } from "./asked";
import { broken, brokenRerun, endOf } from "./invariants";
import { destinationName, useStages } from "./stage";

const set = useStages();
const size = 200_000;
const kib64 = 64 * 1024;

describe("cut-blob-at-N", () => {
  test.each([0, 1, kib64, size - 1, size])(
    "once, at %i: resumed, and at most 64 KiB come twice (F01, W73, W74)",
    async (cutAt) => {
      const stage = await set({ layers: [size] });
      const { digest } = layerOf(stage);
      const path = pathTo(digest);
      stage.from.proxy.misbehave({ method: "GET", path, action: { cutAt } });
      const outcome = await stage.up();
      expect(broken(stage, outcome)).toEqual([]);
      expect(endOf(outcome)).toBe("copied");
      const [first, ...more] = askedFor(stage.from.proxy.journal, digest);
      expect(more.length).toBeLessThanOrEqual(cutAt === size ? 0 : 1);
      const got = [first, ...more].reduce(
        (sum, one) => sum + (one?.responseBytes ?? 0),
        0,
      );
      expect(got).toBeLessThanOrEqual(size + kib64);
      for (const { headers } of more.slice(cutAt > 0 ? 0 : 1)) {
        expect(headers["range"]).toMatch(/^bytes=\d+-$/);
        expect(headers["range"]).not.toBe(`bytes=${size}-`); // W74
      }
      expect(stage.to.registry.openUploads()).toEqual([]);
    },
  );

  test.each([0, 1])(
    "always, at %i: NETWORK in bounded time, and nothing is visible (W75)",
    async (cutAt) => {
      const stage = await set({ layers: [size] });
      const { digest } = layerOf(stage);
      const path = pathTo(digest);
      const times = Number.POSITIVE_INFINITY;
      stage.from.proxy.misbehave({
        method: "GET",
        path,
        times,
        action: { cutAt },
      });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("NETWORK");
      expect(broken(stage, outcome)).toEqual([]);
      expect(outcome.tookMs).toBeLessThan(5 * 60_000);
      expect(stage.to.registry.tags(destinationName)).toEqual([]);
      expect(await brokenRerun(stage)).toEqual([]);
    },
  );

  test("always, behind 64 KiB: each try brings its part, until all is there", async () => {
    const stage = await set({ layers: [size] });
    const { digest } = layerOf(stage);
    stage.from.proxy.misbehave({
      method: "GET",
      path: pathTo(digest),
      times: Number.POSITIVE_INFINITY,
      action: { cutAt: kib64 },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(broken(stage, outcome)).toEqual([]);
  });
});

describe("truncated-manifest", () => {
  test.each([
    ["its length kept", { cutAt: 100 }],
    [
      "its length removed",
      { truncate: 100, rewriteHeader: { "content-length": "" } },
    ],
    ["its length shortened", { truncate: 100 }],
  ])("%s: never accepted, and one retry is enough", async (_, action) => {
    const stage = await set();
    const { digest } = childOf(stage).descriptor;
    const path = pathTo(digest);
    stage.from.proxy.misbehave({ method: "GET", path, action });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(broken(stage, outcome)).toEqual([]);
    expect(
      askedFor(stage.from.proxy.journal, digest, "GET").filter(({ path: at }) =>
        at.includes("/manifests/sha256:"),
      ),
    ).toHaveLength(2);
  });

  test.each([
    ["its length kept", { cutAt: 100 }],
    [
      "its length removed",
      { truncate: 100, rewriteHeader: { "content-length": "" } },
    ],
    ["its length shortened", { truncate: 100 }],
  ])("%s, always: refused in bounded time", async (_, action) => {
    const stage = await set();
    const { digest } = childOf(stage).descriptor;
    stage.from.proxy.misbehave({
      method: "GET",
      path: pathTo(digest),
      times: Number.POSITIVE_INFINITY,
      action,
    });
    const outcome = await stage.up();
    expect(["NETWORK", "SIZE_MISMATCH"]).toContain(endOf(outcome));
    expect(broken(stage, outcome)).toEqual([]);
    expect(stage.to.registry.manifests(destinationName)).toEqual([]);
  });
});

describe("wrong-digest", () => {
  const times = Number.POSITIVE_INFINITY;
  test.each([
    ["a layer", "layer"],
    ["a config", "config"],
    ["a platform's manifest", "child"],
    ["the index", "root"],
  ])(
    "one bit of %s: DIGEST_MISMATCH, and nothing is visible",
    async (_, part) => {
      const stage = await set();
      const child = childOf(stage);
      const { digest } = {
        layer: layerOf(stage),
        config: JSON.parse(child.bytes.toString()).config as { digest: string },
        child: child.descriptor,
        root: stage.artifact.descriptor,
      }[part] ?? { digest: "" };
      stage.from.proxy.misbehave({
        method: "GET",
        path: pathTo(digest),
        times,
        action: { flipBit: 20 },
      });
      const outcome = await stage.up();
      expect(endOf(outcome)).toBe("DIGEST_MISMATCH");
      expect(broken(stage, outcome)).toEqual([]);
      expect(stage.to.registry.tags(destinationName)).toEqual([]);
      expect(await brokenRerun(stage)).toEqual([]);
    },
  );

  test("W52: in the header only: bytes decide, and the copy is the right one", async () => {
    const stage = await set();
    stage.from.proxy.misbehave({
      method: "GET",
      path: /\/manifests\/sha256:/,
      times,
      action: {
        rewriteHeader: {
          "docker-content-digest": `sha256:${"0".repeat(64)}`,
        },
      },
    });
    const outcome = await stage.up();
    expect(["copied", "DIGEST_MISMATCH"]).toContain(endOf(outcome));
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("W52: N20: other bytes under a header that fits", async () => {
    const stage = await set();
    const [one, other] = stage.artifact.children;
    stage.from.proxy.misbehave({
      method: "GET",
      path: pathTo(one?.descriptor.digest ?? ""),
      times,
      action: { swapBody: other?.bytes.toString() ?? "" },
    });
    const outcome = await stage.up();
    expect(["DIGEST_MISMATCH", "SIZE_MISMATCH"]).toContain(endOf(outcome));
    expect(broken(stage, outcome)).toEqual([]);
    expect(stage.to.registry.tags(destinationName)).toEqual([]);
  });
});

test("strict-accept: every manifest request says what it takes (F40, W50)", async () => {
  const stage = await set({
    from: { strictAccept: true },
    to: { strictAccept: true },
  });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("copied");
  expect(broken(stage, outcome)).toEqual([]);
});

test("early-401: the challenge is that of the request itself (W21)", async () => {
  const stage = await set();
  const { digest } = layerOf(stage);
  const { origin, host } = stage.from.proxy;
  stage.from.proxy.misbehave({
    method: "GET",
    path: pathTo(digest),
    action: {
      status: 401,
      headers: {
        "www-authenticate": `Bearer realm="${origin}/token",service="${host}",scope="repository:acme/app:pull"`,
      },
    },
  });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("copied");
  expect(broken(stage, outcome)).toEqual([]);
});

import { startActor, startAttacker } from "./actors";
import { layerOf, pathTo } from "./asked";
import { broken, endOf } from "./invariants";
import { sourceName, useStages, type Stage, type StageOptions } from "./stage";

const set = useStages();
const always = Number.POSITIVE_INFINITY;

/** The stage with one more host that the configuration names, in clear. */
async function setBeside(options: StageOptions = {}): Promise<{
  readonly stage: Stage;
  name(host: string): void;
}> {
  const more: string[] = [];
  const stage = await set({
    ...options,
    settings: (from, to) =>
      [from.proxy.host, to.proxy.host, ...more].map((host) => ({
        host,
        plainHttp: true,
      })),
  });
  return { stage, name: (host) => void more.push(host) };
}

function blobAt(stage: Stage, path: string): Buffer {
  const digest = `sha256:${path.slice(path.lastIndexOf("/") + 1)}`;
  return Buffer.from(stage.from.registry.blob(sourceName, digest) ?? "");
}

test("cdn-redirect: the blob comes from there, and no credential goes there (N08, W131)", async () => {
  const { stage, name } = await setBeside();
  const cdn = await startActor(stage, ({ path }) => ({
    status: 200,
    body: blobAt(stage, path),
  }));
  name(cdn.host);
  const { digest } = layerOf(stage);
  const hex = digest.slice("sha256:".length);
  stage.from.proxy.misbehave({
    method: "GET",
    path: pathTo(digest),
    times: always,
    action: { redirect: `${cdn.origin}/cdn/${hex}?sig=1` },
  });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("copied");
  expect(broken(stage, outcome)).toEqual([]);
  expect(cdn.journal.length).toBeGreaterThan(0);
  for (const { headers } of cdn.journal) {
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("cookie");
  }
});

test("cdn-redirect: its 401 is not answered with our credential (N09, W133)", async () => {
  const { stage, name } = await setBeside();
  const { origin, host } = stage.from.proxy;
  const cdn = await startActor(stage, () => ({
    status: 401,
    headers: {
      "www-authenticate": `Bearer realm="${origin}/token",service="${host}"`,
    },
  }));
  name(cdn.host);
  stage.from.proxy.misbehave({
    method: "GET",
    path: pathTo(layerOf(stage).digest),
    times: always,
    action: { redirect: `${cdn.origin}/cdn/1` },
  });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("AUTH_DENIED");
  expect(broken(stage, outcome)).toEqual([]);
  expect(cdn.journal.map((one) => one.authorization)).toEqual(
    cdn.journal.map(() => undefined),
  );
});

test("cdn-expired: a resume begins at the registry, for a fresh address (W76)", async () => {
  const { stage, name } = await setBeside({ layers: [200_000] });
  const used = new Set<string>();
  const cdn = await startActor(stage, ({ headers, path, query }) => {
    const isExpired = used.has(query);
    used.add(query);
    if (isExpired) return { status: 403 };
    const bytes = blobAt(stage, path);
    const from = Number(/bytes=(\d+)-/.exec(headers["range"] ?? "")?.[1] ?? -1);
    if (from < 0) return { status: 200, body: bytes, cutAt: 100_000 };
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    return {
      status: 206,
      headers: { "content-range": range },
      body: bytes.subarray(from),
    };
  });
  name(cdn.host);
  const { digest } = layerOf(stage);
  const hex = digest.slice("sha256:".length);
  for (const sig of [1, 2, 3, 4]) {
    stage.from.proxy.misbehave({
      method: "GET",
      path: pathTo(digest),
      action: { redirect: `${cdn.origin}/cdn/${hex}?sig=${sig}` },
    });
  }
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("copied");
  expect(broken(stage, outcome)).toEqual([]);
  expect(cdn.journal.map(({ query }) => query)).toEqual(["sig=1", "sig=2"]);
});

describe("whom a registry leads us to is never asked, and sees nothing", () => {
  test("realm-foreign (N02)", async () => {
    const { stage, name } = await setBeside();
    const attacker = await startAttacker(stage);
    name(attacker.host);
    stage.from.proxy.misbehave({
      path: /^\/v2\//,
      times: always,
      action: {
        status: 401,
        headers: {
          "www-authenticate": `Bearer realm="${attacker.origin}/token",service="x"`,
        },
      },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("AUTH_REALM_UNTRUSTED");
    expect(attacker.journal).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("location-foreign (N10)", async () => {
    const { stage, name } = await setBeside();
    const attacker = await startAttacker(stage);
    name(attacker.host);
    stage.to.proxy.misbehave({
      method: "POST",
      path: /uploads/,
      times: always,
      action: { rewriteHeader: { location: `${attacker.origin}/upload` } },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("PROTOCOL");
    expect(attacker.journal).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("link-foreign (N14)", async () => {
    const { stage, name } = await setBeside();
    const attacker = await startAttacker(stage);
    name(attacker.host);
    stage.from.proxy.misbehave({
      method: "GET",
      path: /\/referrers\//,
      times: always,
      action: {
        rewriteHeader: { link: `<${attacker.origin}/v2/x>; rel="next"` },
      },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("PROTOCOL");
    expect(attacker.journal).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("a redirect in the middle of an upload (W130)", async () => {
    const { stage, name } = await setBeside();
    const attacker = await startAttacker(stage);
    name(attacker.host);
    stage.to.proxy.misbehave({
      method: "PUT",
      path: /uploads/,
      times: always,
      action: { redirect: `${attacker.origin}/upload` },
    });
    const outcome = await stage.up();
    expect(outcome.error).toBeDefined();
    expect(attacker.journal).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
  });
});

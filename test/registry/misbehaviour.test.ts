import { bytesOf, image } from "../samples/artifacts";
import { inRegistry, put, sha256 } from "../samples/target";
import { startProxy } from "../faults/proxy";
import type { Action, Misdeed, OrderedMisdeed } from "./misbehaviour";
import { ask, errorCodes } from "./plainHttp";
import type { RecordedRequest } from "./recorder";
import { startRegistry, type TestRegistry } from "./registry";
import { Speaker } from "./speaker";

const bytes = bytesOf("misbehaviour", 100_000);
const digest = sha256(bytes);
const blob = { path: `/v2/team/app/blobs/${digest}` };
const sample = image();

/** Where a misdeed is done: in the registry, or in the proxy before it. */
interface Mount {
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  misbehave(misdeed: Misdeed): OrderedMisdeed;
  close(): Promise<void>;
}

async function inFront(registry: TestRegistry): Promise<Mount> {
  const proxy = await startProxy({ upstream: registry.origin });
  return { ...proxy, requests: proxy.journal };
}

const mounts: readonly (readonly [
  string,
  (registry: TestRegistry) => Promise<Mount>,
])[] = [
  ["in the registry", async (registry) => registry],
  ["in the proxy", inFront],
];

describe.each(mounts)("%s:", (_, mounted) => {
  let registry: TestRegistry;
  let mount: Mount;

  beforeEach(async () => {
    registry = await startRegistry();
    registry.putBlob("team/app", bytes);
    await put(inRegistry(registry, "team/app"), sample, "v1");
    mount = await mounted(registry);
  });
  afterEach(async () => {
    await mount.close();
    if (mount !== registry) await registry.close();
  });

  const spoilBlob = (action: Action) =>
    mount.misbehave({ method: "GET", path: /\/blobs\/sha256:/, action });

  test("a status stands in for the work, once, from the nth request on", async () => {
    const order = mount.misbehave({
      path: /\/blobs\//,
      nth: 2,
      times: 2,
      action: {
        status: 429,
        headers: { "retry-after": "1" },
        body: "slow down",
      },
    });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      statuses.push((await ask(mount.origin, blob)).status);
    }
    expect(statuses).toEqual([200, 429, 429, 200]);
    expect(order.hits).toBe(2);
    expect(mount.requests.map((one) => one.misbehaved)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test.each([0, 1, 65_536, 99_999])(
    "a body is cut after %i bytes",
    async (cutAt) => {
      spoilBlob({ cutAt });
      const answer = await ask(mount.origin, blob);
      expect(answer).toMatchObject({ status: 200, cut: true });
      expect(answer.body.equals(bytes.subarray(0, cutAt))).toBe(true);
      expect((await ask(mount.origin, blob)).cut).toBe(false);
    },
  );

  test("one bit is turned", async () => {
    spoilBlob({ flipBit: 5 });
    const answer = await ask(mount.origin, blob);
    expect(answer.body[5]).toBe((bytes[5] ?? 0) ^ 1);
    expect(answer.body.length).toBe(bytes.length);
  });

  test("a body is swapped, headers are rewritten and left out", async () => {
    spoilBlob({
      swapBody: "other",
      rewriteHeader: { "docker-content-digest": undefined, "x-odd": "1" },
    });
    const answer = await ask(mount.origin, blob);
    expect(answer.body.toString()).toBe("other");
    expect(answer.headers).toMatchObject({
      "x-odd": "1",
      "content-length": "5",
    });
    expect(answer.headers).not.toHaveProperty("docker-content-digest");
  });

  test("an emptied content-length makes the body chunked", async () => {
    spoilBlob({ rewriteHeader: { "content-length": "" } });
    const answer = await ask(mount.origin, blob);
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    expect(answer.body.equals(bytes)).toBe(true);
  });

  test("a dropped response is one whose work was done", async () => {
    mount.misbehave({
      method: "PUT",
      path: /\/manifests\/v2/,
      action: { dropResponse: true },
    });
    const speaker = new Speaker(mount.origin, "team/app");
    await expect(speaker.putManifest(sample, "v2")).rejects.toThrow();
    expect(registry.tag("team/app", "v2")).toBe(sample.descriptor.digest);
  });

  test("an upload is cut, and its session is gone", async () => {
    const speaker = new Speaker(mount.origin, "team/other");
    mount.misbehave({
      method: "PUT",
      path: /uploads/,
      action: { cutUploadAt: 50_000 },
    });
    const at = await speaker.begin();
    await expect(speaker.finish(at, bytes)).rejects.toThrow();
    expect((await speaker.finish(at, bytes)).status).toBe(404);
    expect(registry.blob("team/other", digest)).toBeUndefined();
    expect(registry.openUploads()).toEqual([]);
  });

  test("what was written is hidden for a while", async () => {
    mount.misbehave({
      method: "PUT",
      path: /\/manifests\/v2/,
      action: { delayVisibility: 2 },
    });
    const speaker = new Speaker(mount.origin, "team/app");
    expect((await speaker.putManifest(sample, "v2")).status).toBe(201);
    const statuses: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      statuses.push((await speaker.manifest(sample, "v2")).status);
    }
    expect(statuses).toEqual([404, 404, 200]);
  });

  test("what was written is forgotten", async () => {
    mount.misbehave({
      method: "PUT",
      path: /uploads/,
      action: { forget: true },
    });
    const speaker = new Speaker(mount.origin, "team/other");
    await speaker.pushBlob(bytes);
    expect((await speaker.ask(`/blobs/${digest}`)).status).toBe(404);
  });

  test("a range is ignored", async () => {
    spoilBlob({ ignoreRange: true });
    const answer = await ask(mount.origin, {
      ...blob,
      headers: { range: "bytes=10-" },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
  });

  test("a redirect points where it is told to", async () => {
    spoilBlob({ redirect: "http://127.0.0.1:1/elsewhere" });
    const answer = await ask(mount.origin, blob);
    expect(answer.status).toBe(307);
    expect(answer.headers["location"]).toBe("http://127.0.0.1:1/elsewhere");
  });

  test("a throttled body takes its time and is whole", async () => {
    spoilBlob({ throttle: 500_000 });
    const begun = performance.now();
    expect((await ask(mount.origin, blob)).body.equals(bytes)).toBe(true);
    expect(performance.now() - begun).toBeGreaterThan(60);
  });

  test("a stalled request is never answered, until the registry closes", async () => {
    mount.misbehave({ path: /./, action: { stall: true } });
    const waiting = expect(
      ask(mount.origin, { path: "/v2/" }),
    ).rejects.toThrow();
    while (mount.requests.length === 0) await new Promise(setImmediate);
    await mount.close();
    await waiting;
  });

  test("an order can be taken back", async () => {
    const order = mount.misbehave({
      path: /./,
      times: Infinity,
      action: { status: 500 },
    });
    expect((await ask(mount.origin, blob)).status).toBe(500);
    order.stop();
    expect((await ask(mount.origin, blob)).status).toBe(200);
  });

  test("a body ends early, and its length says so", async () => {
    spoilBlob({ truncate: 10 });
    const answer = await ask(mount.origin, blob);
    expect(answer).toMatchObject({
      cut: false,
      headers: { "content-length": "10" },
    });
    expect(answer.body).toEqual(bytes.subarray(0, 10));
  });

  test("a body drips", async () => {
    mount.misbehave({ path: /tags/, action: { dripEveryMs: 2 } });
    const begun = performance.now();
    const answer = await ask(mount.origin, { path: "/v2/team/app/tags/list" });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ tags: ["v1"] });
    expect(performance.now() - begun).toBeGreaterThan(answer.body.length);
  });

  test("a body hangs in the middle, and its connection stays", async () => {
    spoilBlob({ hangAt: 10 });
    const waiting = ask(mount.origin, blob);
    while (mount.requests[0]?.responseBytes !== 10) {
      await new Promise((done) => setTimeout(done, 1));
    }
    await mount.close();
    const { body, cut } = await waiting;
    expect({ cut, size: body.length }).toEqual({ cut: true, size: 10 });
  });

  test("an answer comes late", async () => {
    spoilBlob({ delayMs: 60 });
    const begun = performance.now();
    await ask(mount.origin, blob);
    expect(performance.now() - begun).toBeGreaterThan(50);
  });

  test("a connection closes behind an answer that did not say so", async () => {
    spoilBlob({ goaway: true });
    const answer = await ask(mount.origin, {
      ...blob,
      headers: { connection: "keep-alive" },
    });
    expect(answer.cut).toBe(false);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers["connection"]).not.toBe("close");
  });

  test("a refusal comes in the middle of an upload", async () => {
    const speaker = new Speaker(mount.origin, "team/other");
    mount.misbehave({
      method: "PUT",
      path: /uploads/,
      action: { status: 401, statusAfter: 50_000 },
    });
    const at = await speaker.begin();
    expect((await speaker.finish(at, bytes)).status).toBe(401);
    expect((await speaker.finish(at, bytes)).status).toBe(201);
  });

  test("a body is lost on the way", async () => {
    const speaker = new Speaker(mount.origin, "team/other");
    mount.misbehave({
      method: "PUT",
      path: /uploads/,
      action: { dropBody: true },
    });
    const answer = await speaker.finish(await speaker.begin(), bytes);
    expect(errorCodes(answer)).toEqual(["DIGEST_INVALID"]);
  });

  test("a rule looks at the headers, and something else happens meanwhile", async () => {
    const happened: string[] = [];
    mount.misbehave({
      name: "resumed",
      path: /./,
      when: ({ headers }) => "range" in headers,
      action: { status: 503, meanwhile: () => void happened.push("now") },
    });
    expect((await ask(mount.origin, blob)).status).toBe(200);
    const headers = { range: "bytes=10-" };
    expect((await ask(mount.origin, { ...blob, headers })).status).toBe(503);
    expect(happened).toEqual(["now"]);
  });
});

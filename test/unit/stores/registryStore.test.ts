import type { Destination } from "../../../provider/mirror/ports";
import {
  digestOf,
  parseDigest,
  referrersTag,
} from "../../../provider/oci/digest";
import { blobsOf } from "../../../provider/oci/manifest";
import type { Opening } from "../../../provider/stores/registry/registry";
import { counts, scopesAsked, writes } from "../../registry/recorder";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../../registry/registry";
import {
  emptyConfig,
  image,
  manifest,
  multiArch,
} from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import {
  descriptorOf,
  mirrorUser,
  nodeOf,
  opened,
  referenceTo,
  type Opened,
} from "./opened";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: RegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  running.push(registry);
  return registry;
}

function open(
  registries: readonly TestRegistry[],
  options: Parameters<typeof opened>[1] = {},
): Opened {
  const world = opened(
    registries.map(({ host }) => host),
    options,
  );
  running.push(world.network);
  return world;
}

const reader: Opening = { side: "source", isWriter: false };
const writer: Opening = { side: "destination", isWriter: true };
const sample = image({});
const node = nodeOf(sample);
const loggedIn = { credentials: async () => mirrorUser };

interface Reading extends Opened {
  readonly registry: TestRegistry;
  readonly store: Destination;
}

/** `team/app:1` in a registry, opened for reading. */
async function reading(options: RegistryOptions = {}): Promise<Reading> {
  const registry = await start(options);
  await put(inRegistry(registry, "team/app"), sample, "1");
  const world = open([registry], options.auth ? loggedIn : {});
  return {
    ...world,
    registry,
    store: world.registries(referenceTo(`${registry.host}/team/app`), reader),
  };
}

describe("reading", () => {
  const { mediaType, digest, size } = node.descriptor;

  test("W51: a tag resolves by exactly one HEAD", async () => {
    const { store, registry, reach } = await reading();
    await expect(store.resolve("1", reach)).resolves.toEqual({
      mediaType,
      digest,
      size,
    });
    expect(counts(registry.requests)).toEqual({ "HEAD manifest": 1 });
  });

  test("the second resolve carries the token at once", async () => {
    const { store, registry, reach } = await reading({ auth: "token" });
    await store.resolve("1", reach);
    await store.resolve("1", reach);
    expect(counts(registry.requests)).toEqual({
      challenge: 1,
      token: 1,
      "HEAD manifest": 2,
    });
    expect(scopesAsked(registry.requests)).toEqual([
      "repository:team/app:pull",
    ]);
  });

  test.each(["docker-content-digest", "content-type"])(
    "W51: without %s in the HEAD a GET is hashed",
    async (name) => {
      const { store, registry, reach } = await reading();
      registry.misbehave({
        method: "HEAD",
        path: /manifests/,
        action: { rewriteHeader: { [name]: undefined } },
      });
      await expect(store.resolve("1", reach)).resolves.toEqual({
        mediaType,
        digest,
        size,
      });
      expect(counts(registry.requests)).toEqual({
        "HEAD manifest": 1,
        "GET manifest": 1,
      });
    },
  );

  test("W50: the answer comes where the type must be in Accept", async () => {
    const { store, reach } = await reading({ strictAccept: true });
    await expect(store.resolve("1", reach)).resolves.toMatchObject({ digest });
  });

  test("W53: a HEAD that is denied is asked once as GET, for its words", async () => {
    const { store, registry, reach } = await reading();
    registry.misbehave({
      path: /manifests/,
      times: 2,
      action: { status: 403, body: "no entry for you" },
    });
    await expect(store.resolve("1", reach)).rejects.toThrow("no entry for you");
    expect(counts(registry.requests)).toEqual({
      "HEAD manifest": 1,
      "GET manifest": 1,
    });
  });

  test("§1.8: an absent tag is undefined, by HEAD and GET", async () => {
    const { store, registry, reach } = await reading();
    await expect(store.resolve("2", reach)).resolves.toBeUndefined();
    expect(counts(registry.requests)).toEqual({
      "HEAD manifest": 1,
      "GET manifest": 1,
    });
  });

  test("§1.8: an absent repository is undefined too", async () => {
    const { registries, registry, reach } = await reading({
      missingRepositories: "refuse",
    });
    const other = registries(
      referenceTo(`${registry.host}/team/other`),
      reader,
    );
    await expect(other.resolve("1", reach)).resolves.toBeUndefined();
    await expect(other.has(node.descriptor, reach)).resolves.toBe(false);
  });

  test("§1.8: a 404 without a registry's code proves nothing", async () => {
    const { store, registry, reach } = await reading();
    registry.misbehave({
      path: /manifests/,
      times: 2,
      action: { status: 404, body: "not found" },
    });
    await expect(store.resolve("1", reach)).rejects.toMatchObject({
      fault: "unreachable",
      code: "PROTOCOL",
    });
  });

  test.each([
    [
      "N51: a web page",
      { swapBody: "<html>", rewriteHeader: { "content-type": "text/html" } },
      "PROTOCOL",
    ],
    [
      "N36: an encoding",
      { rewriteHeader: { "content-encoding": "gzip" } },
      "PROTOCOL",
    ],
    ["N20: other bytes", { flipBit: 40 }, "DIGEST_MISMATCH"],
    ["W58: a wrong size", { swapBody: "{}" }, "SIZE_MISMATCH"],
    [
      "N25: another type",
      {
        rewriteHeader: {
          "content-type": "application/vnd.oci.image.index.v1+json",
        },
      },
      "AMBIGUOUS_MANIFEST",
    ],
  ])("%s is not taken for the manifest", async (_, action, code) => {
    const { store, registry, reach } = await reading();
    registry.misbehave({ method: "GET", path: /manifests/, action });
    await expect(
      store.read(node.descriptor, 1 << 20, reach),
    ).rejects.toMatchObject({ fault: "corrupt", code });
  });

  test("reading a manifest is one GET", async () => {
    const { store, registry, reach } = await reading();
    await expect(store.read(node.descriptor, 1 << 20, reach)).resolves.toEqual(
      Buffer.from(sample.bytes),
    );
    expect(counts(registry.requests)).toEqual({ "GET manifest": 1 });
  });

  test("N31: what claims to be larger than the bound is not asked for", async () => {
    const { store, registry, reach } = await reading();
    await expect(store.read(node.descriptor, 10, reach)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    await expect(
      store.read(
        { ...node.descriptor, mediaType: "a/b", size: 1e12 },
        10,
        reach,
      ),
    ).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    expect(registry.requests).toEqual([]);
  });

  test("W70: a blob's presence is one HEAD, its absence too", async () => {
    const { store, registry, reach } = await reading();
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    await expect(store.has(blob, reach)).resolves.toBe(true);
    await expect(
      store.has({ ...blob, digest: digestOf(Buffer.from("none")) }, reach),
    ).resolves.toBe(false);
    expect(counts(registry.requests)).toEqual({ "HEAD blob": 2 });
  });

  test("the credential's source stands in the message on 401", async () => {
    const { registries, registry, reach } = await reading({
      auth: "basic",
      users: {},
    });
    const store = registries(referenceTo(`${registry.host}/team/app`), reader);
    await expect(store.resolve("1", reach)).rejects.toThrow(
      "with the credential from the test",
    );
  });

  test("W151: schema 1 is refused by name", async () => {
    const { store, registry, reach } = await reading();
    const type = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    registry.misbehave({
      method: "HEAD",
      path: /manifests/,
      action: { rewriteHeader: { "content-type": type } },
    });
    await expect(store.resolve("1", reach)).rejects.toMatchObject({
      fault: "unsupported",
      code: "UNSUPPORTED",
    });
  });
});

describe("a blob's stream", () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024, "blob");
  const blob = {
    mediaType: "application/octet-stream",
    digest: digestOf(bytes),
    size: bytes.length,
  };

  async function streaming(options: RegistryOptions = {}): Promise<Reading> {
    const world = await reading(options);
    world.registry.putBlob("team/app", bytes);
    return world;
  }

  async function drain({ store, reach }: Reading): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.open(blob, reach)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  test.each([1, 65_536, 2_000_000, bytes.length - 1])(
    "W73, F01: cut once at %i, it is taken up with a Range",
    async (cutAt) => {
      const world = await streaming();
      world.registry.misbehave({
        method: "GET",
        path: /blobs/,
        action: { cutAt },
      });
      expect(bytes.equals(await drain(world))).toBe(true);
      expect(
        world.registry.requests.map(({ headers }) => headers["range"]),
      ).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
      const sent = world.registry.requests.reduce(
        (sum, one) => sum + one.responseBytes,
        0,
      );
      expect(sent).toBeLessThanOrEqual(bytes.length + 64 * 1024);
    },
  );

  test("cut before the first byte, it is asked for again", async () => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { cutAt: 0 },
    });
    expect(bytes.equals(await drain(world))).toBe(true);
  });

  test("F02: a server that ignores Range and begins anew is read past what is here", async () => {
    const world = await streaming({ ranges: false });
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { cutAt: 2_000_000 },
    });
    expect(bytes.equals(await drain(world))).toBe(true);
  });

  test("F03: a wrong Content-Range is refused, and the whole is asked for", async () => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { cutAt: 2_000_000 },
    });
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      nth: 1,
      action: {
        rewriteHeader: {
          "content-range": `bytes 0-${bytes.length - 1}/${bytes.length}`,
        },
      },
    });
    expect(bytes.equals(await drain(world))).toBe(true);
    expect(world.registry.requests.at(-1)?.headers["range"]).toBeUndefined();
  });

  test("W75: cut for ever, it ends in NETWORK after six tries", async () => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      times: Infinity,
      action: { cutAt: 10 },
    });
    await expect(drain(world)).rejects.toMatchObject({
      fault: "unreachable",
      code: "NETWORK",
    });
    expect(world.registry.requests.length).toBeLessThanOrEqual(7);
  });

  test("one wrong bit is a DIGEST_MISMATCH, and the last chunk is never handed out", async () => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { flipBit: 17 },
    });
    let handedOut = 0;
    const drained = (async () => {
      for await (const chunk of world.store.open(blob, world.reach))
        handedOut += chunk.byteLength;
    })();
    await expect(drained).rejects.toMatchObject({
      fault: "corrupt",
      code: "DIGEST_MISMATCH",
    });
    expect(handedOut).toBeLessThan(bytes.length);
  });

  test.each([
    ["shorter", bytes.subarray(1)],
    ["longer", Buffer.concat([bytes, Buffer.from("!")])],
  ])("a %s body is a SIZE_MISMATCH", async (_, swapBody) => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { swapBody },
    });
    await expect(drain(world)).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
  });
});

describe("writing", () => {
  interface Copy {
    readonly from: TestRegistry;
    readonly to: TestRegistry;
    readonly world: Opened;
    readonly source: Destination;
    readonly destination: Destination;
    copy(): Promise<number>;
  }

  async function copying(
    options: RegistryOptions = {},
    credentials = loggedIn,
    signal?: AbortSignal,
  ): Promise<Copy> {
    const [from, to] = [await start(), await start(options)];
    await put(inRegistry(from, "team/app"), sample, "1");
    const world = open([from, to], {
      ...credentials,
      ...(signal === undefined ? {} : { signal }),
    });
    const source = world.registries(
      referenceTo(`${from.host}/team/app`),
      reader,
    );
    const destination = world.registries(
      referenceTo(`${to.host}/mirror/app`),
      writer,
    );
    const copy = async (): Promise<number> => {
      let bytes = 0;
      for (const blob of blobsOf(node.manifest)) {
        bytes += await destination.copyFrom(source, blob, {
          reach: world.reach,
          onBytes: () => undefined,
        });
      }
      return bytes;
    };
    return { from, to, world, source, destination, copy };
  }

  const total = blobsOf(node.manifest).reduce(
    (sum, blob) => sum + blob.size,
    0,
  );

  test.each([
    ["absolute locations, token", { auth: "token" }],
    ["relative locations, basic", { auth: "basic", locations: "relative" }],
  ] as const)("W80–W82: copies an image: %s", async (_, options) => {
    const { to, world, destination, copy, from } = await copying(options);
    await expect(copy()).resolves.toBe(total);
    await destination.put(node, world.reach);
    await destination.tag("1", node, world.reach);
    expect(to.tag("mirror/app", "1")).toBe(node.descriptor.digest);
    expect(to.manifest("mirror/app", node.descriptor.digest)?.bytes).toEqual(
      Buffer.from(sample.bytes),
    ); // W56
    expect(writes(from.requests)).toEqual([]);
    expect(to.openUploads()).toEqual([]);
  });

  test("W40: a writer asks for pull and push with its first request, even a HEAD", async () => {
    const { to, world, destination } = await copying({ auth: "token" });
    await destination.has(node.descriptor, world.reach);
    expect(scopesAsked(to.requests)).toEqual([
      "repository:mirror/app:pull,push",
    ]);
  });

  test("W41: delete is asked for only to delete", async () => {
    const { to, world, destination } = await copying({ auth: "token" });
    await destination.untag("1", world.reach);
    expect(scopesAsked(to.requests)).toEqual([
      "repository:mirror/app:delete,pull",
    ]);
  });

  test("a blob is one POST and one PUT, and the second time nothing", async () => {
    const { to, copy } = await copying();
    await copy();
    await expect(copy()).resolves.toBe(0);
    const blobs = blobsOf(node.manifest).length;
    expect(counts(to.requests)).toEqual({
      "POST upload": blobs,
      "PUT upload": blobs,
    });
  });

  test("many resources that want one blob send it once", async () => {
    const { to, source, destination, world } = await copying();
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    const by = { reach: world.reach, onBytes: () => undefined };
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => destination.copyFrom(source, blob, by)),
    );
    expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBe(blob.size);
    expect(counts(to.requests)).toEqual({ "POST upload": 1, "PUT upload": 1 });
  });

  test.each([
    ["W86, F24: the answer to the commit is lost", { dropResponse: true }, 1],
    ["F23: the upload is cut", { cutUploadAt: 100 }, 2],
    ["F13: the token runs out", { status: 401, headers: {} }, 2],
    ["a 500", { status: 500 }, 2],
  ])("%s: the blob arrives", async (_, action, puts) => {
    const { to, copy } = await copying();
    to.misbehave({ method: "PUT", path: /uploads/, action });
    await copy();
    expect(to.openUploads()).toEqual([]);
    const [blob] = blobsOf(node.manifest);
    const ofFirst = to.requests.filter(
      (one) =>
        one.method === "PUT" &&
        one.query.includes(encodeURIComponent(blob?.digest ?? "")),
    );
    expect(ofFirst).toHaveLength(puts);
  });

  test("W29: an expired token in the middle of an image costs one more", async () => {
    const { to, copy, destination, world } = await copying({ auth: "token" });
    await copy();
    to.expireTokens();
    await destination.put(node, world.reach);
    expect(counts(to.requests)).toMatchObject({ token: 2 });
  });

  test("a blob that is wrong at the source never completes at the destination", async () => {
    const { from, to, copy } = await copying();
    from.misbehave({
      method: "GET",
      path: /blobs/,
      times: Infinity,
      action: { flipBit: 0 },
    });
    await expect(copy()).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      where: { side: "source" },
    });
    expect(to.openUploads()).toEqual([]);
    expect(to.requests.filter((one) => one.status === 201)).toEqual([]);
  });

  test("W90: within one registry, with one credential, a blob is mounted and its presence confirmed", async () => {
    const registry = await start({ auth: "token" });
    await put(inRegistry(registry, "team/app"), sample, "1");
    const { registries, reach } = open([registry], loggedIn);
    const source = registries(referenceTo(`${registry.host}/team/app`), reader);
    const destination = registries(
      referenceTo(`${registry.host}/mirror/app`),
      writer,
    );
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    await expect(
      destination.copyFrom(source, blob, { reach, onBytes: () => undefined }),
    ).resolves.toBe(0);
    expect(counts(registry.requests)).toMatchObject({
      "POST upload": 1,
      "HEAD blob": 1,
    });
    expect(scopesAsked(registry.requests)).toContain(
      "repository:team/app:pull",
    );
    expect(registry.requests.map(({ query }) => query).join()).not.toContain(
      "origin=",
    );
  });

  test("W91, N63: a mount that was a lie becomes an upload", async () => {
    const registry = await start();
    await put(inRegistry(registry, "team/app"), sample, "1");
    registry.misbehave({
      method: "POST",
      path: /mount=/,
      action: { forget: true },
    });
    const { registries, reach } = open([registry]);
    const source = registries(referenceTo(`${registry.host}/team/app`), reader);
    const destination = registries(
      referenceTo(`${registry.host}/mirror/app`),
      writer,
    );
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    registry.misbehave({
      method: "HEAD",
      path: /mirror.*blobs/,
      action: { status: 404 },
    });
    await expect(
      destination.copyFrom(source, blob, { reach, onBytes: () => undefined }),
    ).resolves.toBe(blob.size);
  });

  test.each([400, 401, 403, 404, 405])(
    "W92: a mount refused with %i becomes an upload",
    async (status) => {
      const registry = await start();
      await put(inRegistry(registry, "team/app"), sample, "1");
      registry.misbehave({
        method: "POST",
        path: /mount=/,
        times: Infinity,
        action: { status },
      });
      const { registries, reach } = open([registry]);
      const source = registries(
        referenceTo(`${registry.host}/team/app`),
        reader,
      );
      const destination = registries(
        referenceTo(`${registry.host}/mirror/app`),
        writer,
      );
      const [blob] = blobsOf(node.manifest);
      if (!blob) throw new Error("no blob");
      await expect(
        destination.copyFrom(source, blob, { reach, onBytes: () => undefined }),
      ).resolves.toBe(blob.size);
      expect(registry.blob("mirror/app", blob.digest)).toBeDefined();
    },
  );

  test("W42: a token server that takes one scope only costs the mount, not the copy", async () => {
    const registry = await start({
      auth: "token",
      tokenServer: { repeatedScopes: "refuse" },
    });
    await put(inRegistry(registry, "team/app"), sample, "1");
    const { registries, reach } = open([registry], loggedIn);
    const source = registries(referenceTo(`${registry.host}/team/app`), reader);
    const destination = registries(
      referenceTo(`${registry.host}/mirror/app`),
      writer,
    );
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    await expect(
      destination.copyFrom(source, blob, { reach, onBytes: () => undefined }),
    ).resolves.toBe(blob.size);
  });

  test("N54: another credential on the same registry is no mount", async () => {
    const registry = await start({
      auth: "basic",
      users: {
        a: { password: "a", allows: ["*:*:*"] },
        b: { password: "b", allows: ["*:*:*"] },
      },
    });
    await put(inRegistry(registry, "team/app"), sample, "1");
    const { registries, reach } = open([registry], {
      credentials: async (repository) => {
        const user = repository.includes("team") ? "a" : "b";
        return {
          kind: "basic",
          id: user,
          source: "test",
          username: user,
          secret: user,
        };
      },
    });
    const source = registries(referenceTo(`${registry.host}/team/app`), reader);
    const destination = registries(
      referenceTo(`${registry.host}/mirror/app`),
      writer,
    );
    const [blob] = blobsOf(node.manifest);
    if (!blob) throw new Error("no blob");
    await destination.copyFrom(source, blob, {
      reach,
      onBytes: () => undefined,
    });
    expect(
      registry.requests.filter(({ query }) => query.includes("mount")),
    ).toEqual([]);
    expect(
      registry.requests.filter(
        (one) => one.path.includes("mirror") && one.authorization?.user === "a",
      ),
    ).toEqual([]);
  });

  test.each([
    ["N10", "https://attacker.test/upload"],
    ["N11", "http://10.0.0.1/upload"],
    ["N11", "http://[fe80::1]/upload"],
  ])("%s: an upload location %s gets no byte", async (_, location) => {
    const { to, copy } = await copying();
    to.misbehave({
      method: "POST",
      path: /uploads/,
      times: Infinity,
      action: { rewriteHeader: { location } },
    });
    await expect(copy()).rejects.toMatchObject({
      fault: "corrupt",
      code: "PROTOCOL",
    });
    expect(to.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  });

  test("W57: a registry that says it stored another manifest is not believed", async () => {
    const { to, world, destination, copy } = await copying();
    await copy();
    const other = digestOf(Buffer.from("other"));
    to.misbehave({
      method: "PUT",
      path: /manifests/,
      action: { rewriteHeader: { "docker-content-digest": other } },
    });
    await expect(destination.put(node, world.reach)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
  });

  test("W59: a tag that shows late is waited for", async () => {
    const { to, world, destination, copy } = await copying();
    await copy();
    await destination.put(node, world.reach);
    to.misbehave({
      method: "PUT",
      path: /manifests\/1$/,
      action: { delayVisibility: 4 },
    });
    await destination.tag("1", node, world.reach);
    expect(world.clock.waits.length).toBeGreaterThan(0);
  });

  test("a tag that somebody moved meanwhile is a conflict", async () => {
    const { to, world, destination, copy } = await copying();
    await copy();
    await destination.put(node, world.reach);
    const other = digestOf(Buffer.from("other"));
    to.misbehave({
      method: "HEAD",
      path: /manifests\/1$/,
      times: Infinity,
      action: { rewriteHeader: { "docker-content-digest": other } },
    });
    await expect(destination.tag("1", node, world.reach)).rejects.toMatchObject(
      { fault: "conflict", code: "TAG_MOVED" },
    );
  });

  test.each(["harbor", "ecr"] as const)(
    "F52: an immutable tag (%s) is a conflict",
    async (immutableTags) => {
      const { world, destination, copy } = await copying({ immutableTags });
      await copy();
      await destination.put(node, world.reach);
      await destination.tag("1", node, world.reach);
      await expect(
        destination.tag("1", node, world.reach),
      ).rejects.toMatchObject({ fault: "conflict", code: "TAG_IMMUTABLE" });
    },
  );

  test("W126: a registry that does not delete by tag says so", async () => {
    const { world, destination } = await copying({ deleteTags: false });
    await expect(destination.untag("1", world.reach)).rejects.toMatchObject({
      fault: "unsupported",
      code: "UNSUPPORTED",
    });
  });

  test("a manifest that is not here cannot be tagged", async () => {
    const { to, world, destination } = await copying();
    await expect(destination.tag("1", node, world.reach)).rejects.toMatchObject(
      { fault: "absent", code: "NOT_FOUND_MANIFEST" },
    );
    expect(writes(to.requests)).toEqual([]);
  });

  test("untag leaves the manifest, remove takes it, and both may be repeated", async () => {
    const { to, world, destination, copy } = await copying();
    await copy();
    await destination.put(node, world.reach);
    await destination.tag("1", node, world.reach);
    await destination.untag("1", world.reach);
    await destination.untag("1", world.reach);
    expect(to.tag("mirror/app", "1")).toBeUndefined();
    expect(to.manifest("mirror/app", node.descriptor.digest)).toBeDefined();
    await destination.remove(node.descriptor, world.reach);
    await destination.remove(node.descriptor, world.reach);
    expect(to.manifest("mirror/app", node.descriptor.digest)).toBeUndefined();
  });

  test("F51: a repository that does not exist is named before a byte is sent", async () => {
    const { to, copy } = await copying({ missingRepositories: "refuse" });
    await expect(copy()).rejects.toMatchObject({ code: "NOT_FOUND_REPO" });
    expect(to.requests.reduce((sum, one) => sum + one.requestBytes, 0)).toBe(0);
  });

  test("N65: a cancelled upload stops, gives its session up, and says so", async () => {
    const stop = new AbortController();
    const { to, copy } = await copying({}, loggedIn, stop.signal);
    to.misbehave({ method: "PUT", path: /uploads/, action: { stall: true } });
    const copied = copy();
    while (!to.requests.some(({ method }) => method === "PUT"))
      await new Promise(setImmediate);
    stop.abort();
    await expect(copied).rejects.toMatchObject({
      fault: "cancelled",
      code: "CANCELLED",
    });
    expect(to.requests.at(-1)?.method).toBe("DELETE");
  });

  test("W52, N52: sha512 goes through where the registry knows it", async () => {
    const { from, to, source, destination, world } = await copying();
    const bytes = Buffer.from("by sha512");
    const digest = digestOf(bytes, "sha512");
    from.putBlob("team/app", bytes, digest);
    const blob = {
      mediaType: "application/octet-stream",
      digest,
      size: bytes.length,
    };
    await destination.copyFrom(source, blob, {
      reach: world.reach,
      onBytes: () => undefined,
    });
    expect(to.blob("mirror/app", digest)).toEqual(bytes);
  });

  test("W153: a blob of no bytes is copied", async () => {
    const { from, to, source, destination, world } = await copying();
    const blob = {
      mediaType: "application/octet-stream",
      digest: parseDigest(from.putBlob("team/app", Buffer.alloc(0))),
      size: 0,
    };
    await destination.copyFrom(source, blob, {
      reach: world.reach,
      onBytes: () => undefined,
    });
    expect(to.blob("mirror/app", blob.digest)).toEqual(Buffer.alloc(0));
  });

  test("a large blob streams through", async () => {
    const { from, to, source, destination, world } = await copying({
      auth: "token",
    });
    const bytes = Buffer.alloc(5_000_000, "large");
    const blob = {
      mediaType: "application/octet-stream",
      digest: parseDigest(from.putBlob("team/app", bytes)),
      size: bytes.length,
    };
    let told = 0;
    await destination.copyFrom(source, blob, {
      reach: world.reach,
      onBytes: (count) => (told += count),
    });
    expect(
      Buffer.from(to.blob("mirror/app", blob.digest) ?? []).equals(bytes),
    ).toBe(true);
    expect(told).toBe(bytes.length);
  });

  test("W155: an index whose children are missing tells that the host refuses sparse indexes", async () => {
    const { world, destination } = await copying({ sparseIndex: "refuse" });
    expect(destination.sparseIndex).toBe("unknown");
    await expect(
      destination.put(nodeOf(multiArch()), world.reach),
    ).rejects.toMatchObject({ fault: "unsupported" });
    expect(destination.sparseIndex).toBe("refused");
  });

  describe("a manifest with a subject", () => {
    const referrer = manifest({
      artifactType: "application/x",
      config: emptyConfig,
      layers: [],
      subject: sample.descriptor,
      annotations: { note: "1" },
    });

    test("W106: where the registry lists it, there is no fallback tag", async () => {
      const { to, world, destination, copy } = await copying();
      await copy();
      await destination.put(node, world.reach);
      for (const blob of referrer.blobs) to.putBlob("mirror/app", blob);
      await destination.put(nodeOf(referrer), world.reach);
      expect(to.tags("mirror/app")).toEqual([]);
      await expect(
        destination.referrers(node.descriptor.digest, world.reach),
      ).resolves.toMatchObject([{ artifactType: "application/x" }]);
    });

    test("W106–W108: elsewhere the fallback tag is written, and read back", async () => {
      const { to, world, destination, copy } = await copying({
        referrersApi: false,
      });
      await copy();
      await destination.put(node, world.reach);
      for (const blob of referrer.blobs) to.putBlob("mirror/app", blob);
      await Promise.all([
        destination.put(nodeOf(referrer), world.reach),
        destination.put(nodeOf(referrer), world.reach),
      ]);
      expect(to.tags("mirror/app")).toEqual([
        referrersTag(node.descriptor.digest),
      ]);
      await expect(
        destination.referrers(node.descriptor.digest, world.reach),
      ).resolves.toEqual([
        {
          ...descriptorOf(referrer.descriptor),
          artifactType: "application/x",
          annotations: { note: "1" },
        },
      ]);
    });
  });
});

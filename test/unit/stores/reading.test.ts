import { digestOf } from "../../../provider/oci/digest";
import { counts, scopesAsked } from "../../registry/recorder";
import { referenceTo } from "./opened";
import { blobs, node, reader, sample, useShop } from "./shop";

const { reading } = useShop();
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
  expect(scopesAsked(registry.requests)).toEqual(["repository:team/app:pull"]);
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
  const other = registries(referenceTo(`${registry.host}/team/other`), reader);
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
  ["T2, N20: other bytes", { flipBit: 40 }, "DIGEST_MISMATCH"],
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
  registry.misbehave({ method: "GET", path: /manifests/, action, times: 2 });
  await expect(
    store.read(node.descriptor, 1 << 20, reach),
  ).rejects.toMatchObject({ fault: "corrupt", code });
});

test.each([
  ["cut", { cutAt: 50 }],
  ["shortened", { truncate: 50 }],
])(
  "§5.3: a manifest that comes %s is asked for once more",
  async (_, action) => {
    const { store, registry, reach } = await reading();
    registry.misbehave({ method: "GET", path: /manifests/, action });
    await expect(store.read(node.descriptor, 1 << 20, reach)).resolves.toEqual(
      Buffer.from(sample.bytes),
    );
    expect(counts(registry.requests)).toEqual({ "GET manifest": 2 });
  },
);

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
    store.read({ ...node.descriptor, mediaType: "a/b", size: 1e12 }, 10, reach),
  ).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(registry.requests).toEqual([]);
});

test("W70: a blob's presence is one HEAD, its absence too", async () => {
  const { store, registry, reach } = await reading();
  const [blob] = blobs;
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

test("a redirect that is refused says what was asked for, and at which reference", async () => {
  const { store, registry, reach } = await reading();
  registry.misbehave({
    path: /\/blobs\//,
    action: { redirect: "http://elsewhere.invalid/x" },
  });
  const [blob = node.descriptor] = blobs;
  await expect(store.read(blob, blob.size, reach)).rejects.toMatchObject({
    code: "REDIRECT_REFUSED",
    where: {
      side: "source",
      reference: `${registry.host}/team/app@${blob.digest}`,
    },
    message: expect.stringContaining(
      `${registry.origin} redirects to another host over http`,
    ),
  });
});

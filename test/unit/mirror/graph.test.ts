import { readNode, walk } from "../../../provider/mirror/graph";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { parsePlatform } from "../../../provider/oci/platform";
import { resolve } from "../../../provider/mirror/resolve";
import { MemoryStore, reach } from "./memoryStore";

const source = () => new MemoryStore("source");
const all = { platforms: [], reach };
const platform = (text: string) => {
  const { os, architecture, variant } = parsePlatform(text);
  return { platform: { os, architecture, ...(variant && { variant }) } };
};

test("an image is its manifest and its blobs", async () => {
  const store = source();
  const image = store.image("one");
  const artifact = await walk(store, image, all);
  expect(artifact.root.descriptor).toEqual(image);
  expect(artifact.manifests).toHaveLength(1);
  expect(artifact.blobs).toHaveLength(2);
  expect(artifact.leftOut).toEqual([]);
});

test("of an index, children come before their parents and each digest comes once", async () => {
  const store = source();
  const one = store.image("one");
  const two = store.image("two");
  const inner = store.index([one, two]);
  const root = store.index([inner, one]);
  const artifact = await walk(store, root, all);
  const order = artifact.manifests.map(({ descriptor }) => descriptor.digest);
  expect(order).toEqual([one.digest, two.digest, inner.digest, root.digest]);
  expect(
    store.log.filter((line) => line === `read ${one.digest}`),
  ).toHaveLength(1);
  expect(artifact.blobs).toHaveLength(4);
});

test("with platforms, an index keeps its bytes and the other children are left out", async () => {
  const store = source();
  const amd = store.image("amd");
  const arm = store.image("arm");
  const about = (digest: string) => ({
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.digest": digest },
  });
  const amdSaid = store.image("about amd");
  const armSaid = store.image("about arm");
  const plain = store.image("no platform");
  const root = store.index([
    { ...amd, ...platform("linux/amd64") },
    { ...arm, ...platform("linux/arm64/v8") },
    { ...amdSaid, ...about(amd.digest) },
    { ...armSaid, ...about(arm.digest) },
    plain,
  ]);
  const artifact = await walk(store, root, {
    platforms: [parsePlatform("linux/amd64")],
    reach,
  });
  expect(artifact.root.descriptor.digest).toBe(root.digest);
  const taken = artifact.manifests.map(({ descriptor }) => descriptor.digest);
  expect(new Set(taken)).toEqual(
    new Set([amd.digest, amdSaid.digest, plain.digest, root.digest]),
  );
  expect(artifact.leftOut.map(({ digest }) => digest)).toEqual([
    arm.digest,
    armSaid.digest,
  ]);
});

test("a platform that the index does not have is bad input, and the message says what there is", async () => {
  const store = source();
  const root = store.index([
    { ...store.image("amd"), ...platform("linux/amd64") },
  ]);
  const wrong = walk(store, root, {
    platforms: [parsePlatform("linux/s390x")],
    reach,
  });
  await expect(wrong).rejects.toMatchObject({
    fault: "invalid",
    message: expect.stringContaining("linux/amd64"),
  });
});

test("platforms mean nothing to an image", async () => {
  const store = source();
  const artifact = await walk(store, store.image("one"), {
    platforms: [parsePlatform("linux/s390x")],
    reach,
  });
  expect(artifact.manifests).toHaveLength(1);
});

test("a child left out at one place and taken at another is taken", async () => {
  const store = source();
  const arm = store.image("arm");
  const inner = store.index([arm]);
  const root = store.index([{ ...arm, ...platform("linux/arm64") }, inner]);
  const artifact = await walk(store, root, {
    platforms: [parsePlatform("linux/amd64")],
    reach,
  });
  expect(artifact.leftOut).toEqual([]);
  expect(
    artifact.manifests.map(({ descriptor }) => descriptor.digest),
  ).toContain(arm.digest);
});

test("N58: indexes nested too deep are refused", async () => {
  const store = source();
  let top = store.image("one");
  for (let depth = 0; depth < 6; depth++) top = store.index([top]);
  await expect(walk(store, top, all)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("W151: a manifest of a kind we do not take is refused by name", async () => {
  const store = source();
  const schema1 = {
    ...store.image("one"),
    mediaType: "application/vnd.docker.distribution.manifest.v1+json",
  };
  await expect(readNode(store, schema1, reach)).rejects.toMatchObject({
    fault: "unsupported",
    message: expect.stringContaining("manifest.v1+json"),
  });
});

test("N21: a manifest that Go would read differently is corrupt, and nothing of it is used", async () => {
  const store = source();
  const config = store.blob("{}", mediaTypes.empty);
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [],
    Layers: [config],
  };
  await expect(
    readNode(store, store.document(document), reach),
  ).rejects.toMatchObject({ fault: "corrupt", code: "AMBIGUOUS_MANIFEST" });
});

test("N26: a manifest with a malformed digest is corrupt", async () => {
  const store = source();
  const config = {
    ...store.blob("{}", mediaTypes.empty),
    digest: "sha256:../../x",
  };
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [],
  };
  await expect(
    readNode(store, store.document(document), reach),
  ).rejects.toMatchObject({ fault: "corrupt", code: "PROTOCOL" });
});

test("a manifest that cannot be read is not called malformed", async () => {
  const store = source();
  const gone = { ...store.image("one") };
  store.manifests.clear();
  await expect(readNode(store, gone, reach)).rejects.toMatchObject({
    fault: "absent",
  });
});

test("what does not resolve is absent, with the side and the reference in the message", async () => {
  const store = source();
  await expect(resolve(store, "1.0", reach)).rejects.toMatchObject({
    fault: "absent",
    where: { side: "source", reference: "source.example/app:1.0" },
  });
  const image = store.image("one", { tag: "1.0" });
  await expect(resolve(store, "1.0", reach)).resolves.toEqual(image);
});

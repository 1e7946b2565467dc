import { counts } from "../../registry/recorder";
import { bytesOf, image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { Remembered } from "../../../provider/stores/registry/memory/remembered";
import { collect } from "../../../provider/stores/collect";
import { blobs, node, reader, useShop } from "./shop";
import { descriptorOf, opened, referenceTo } from "./opened";
import { reachBy, scripted } from "./script";

const { reading } = useShop();
const mebibyte = 1024 * 1024;
const lookingAt = { side: "destination", isWriter: false } as const;
const { mediaType, digest, size } = node.descriptor;
const [blob] = blobs;
if (!blob) throw new Error("the sample has no blob");

test("a source's manifest is read once, by tag or by digest", async () => {
  const { store, registry, reach } = await reading();
  const served = await store.fetch("1", reach);
  expect(served?.descriptor).toEqual({ mediaType, digest, size });
  await store.read(node.descriptor, mebibyte, reach);
  await store.read(node.descriptor, mebibyte, reach);
  expect(counts(registry.requests)).toEqual({ "GET manifest": 1 });
});

test("a small blob that was judged is not read again to be copied", async () => {
  const { store, registry, reach } = await reading();
  const bytes = await store.read(blob, mebibyte, reach);
  await expect(collect(store.open(blob, reach))).resolves.toEqual(bytes);
  expect(counts(registry.requests)).toEqual({ "GET blob": 1 });
});

test("N25: bytes that were read as one type are not taken for another", async () => {
  const { store, reach } = await reading();
  await store.fetch("1", reach);
  const index = {
    ...node.descriptor,
    mediaType: "application/vnd.oci.image.index.v1+json",
  };
  await expect(store.read(index, mebibyte, reach)).rejects.toMatchObject({
    code: "AMBIGUOUS_MANIFEST",
  });
});

test("W58: what was read with one size is not taken for another", async () => {
  const { store, reach } = await reading();
  await store.read(blob, mebibyte, reach);
  const other = { ...blob, size: blob.size + 1 };
  await expect(store.read(other, mebibyte, reach)).rejects.toMatchObject({
    code: "SIZE_MISMATCH",
  });
});

test("what is remembered is no answer for who takes less", async () => {
  const { store, reach } = await reading();
  await store.read(node.descriptor, mebibyte, reach);
  await expect(store.read(node.descriptor, 10, reach)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("a destination is asked each time: what judges it is read where it lies", async () => {
  const { registries, registry, reach } = await reading();
  const store = registries(referenceTo(`${registry.host}/team/app`), lookingAt);
  await store.fetch("1", reach);
  await store.read(node.descriptor, mebibyte, reach);
  await store.read(node.descriptor, mebibyte, reach);
  expect(counts(registry.requests)).toEqual({ "GET manifest": 3 });
});

test("W153: the empty config is known by its digest; W154: embedded data by its descriptor", async () => {
  const { store, registry, reach } = await reading();
  const config = descriptorOf({
    mediaType: "application/vnd.oci.empty.v1+json",
    digest:
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    size: 2,
  });
  await expect(collect(store.open(config, reach))).resolves.toEqual(
    new Uint8Array(Buffer.from("{}")),
  );
  const data = new Uint8Array(bytesOf("data", 10));
  const said = { ...blob, size: 10, data };
  await expect(store.read(said, mebibyte, reach)).resolves.toEqual(data);
  expect(registry.requests).toEqual([]);
});

test("who asks the same at the same time shares one request, and later ones ask anew", async () => {
  const { registries, registry, reach } = await reading();
  const stores = [1, 2, 3].map(() =>
    registries(referenceTo(`${registry.host}/team/app`), reader),
  );
  const together = () =>
    Promise.all(
      stores.flatMap((store) => [
        store.resolve("1", reach),
        store.referrers(node.descriptor.digest, reach),
        store.has(blob, reach),
        store.fetch("1", reach),
      ]),
    );
  await together();
  await together();
  expect(counts(registry.requests)).toEqual({
    "HEAD manifest": 2,
    "GET referrers": 2,
    "HEAD blob": 2,
    "GET manifest": 2,
  });
});

test("a writer shares no answer with others: one that began before its own write would be old", async () => {
  const { registries, registry, reach } = await reading();
  const writer = registries(referenceTo(`${registry.host}/team/app`), {
    side: "destination",
    isWriter: true,
  });
  await Promise.all([writer.fetch("1", reach), writer.fetch("1", reach)]);
  expect(counts(registry.requests)).toEqual({ "GET manifest": 2 });
});

test("§1.8: a tag that is probably absent costs one GET", async () => {
  const { store, registry, reach } = await reading();
  await expect(store.resolve("none", reach, "absent")).resolves.toBeUndefined();
  await put(inRegistry(registry, "team/app"), image({ seed: "b" }), "later");
  await expect(store.resolve("later", reach, "absent")).resolves.toBeDefined();
  expect(counts(registry.requests)).toEqual({ "GET manifest": 2 });
});

test("W51: at Docker Hub, which counts a GET as a pull, a HEAD comes first all the same", async () => {
  const { registries } = opened([]);
  const script = scripted(() => ({
    status: 200,
    headers: {
      "content-type": mediaType,
      "docker-content-digest": digest,
      "content-length": String(size),
    },
  }));
  const store = registries(referenceTo("docker.io/library/nginx"), reader);
  await expect(
    store.resolve("1", reachBy(script.send), "absent"),
  ).resolves.toMatchObject({ digest });
  expect(script.requests.map(({ method }) => method)).toEqual(["HEAD"]);
});

test("a repository is known to be missing from its registry's word until something is written to it", async () => {
  const { registries, registry, reach } = await reading();
  const store = registries(referenceTo(`${registry.host}/team/new`), {
    side: "destination",
    isWriter: true,
  });
  const source = registries(referenceTo(`${registry.host}/team/app`), reader);
  expect(store.isMissing).toBe(false);
  registry.misbehave({
    path: /team\/new\/manifests/,
    action: {
      status: 404,
      body: JSON.stringify({ errors: [{ code: "NAME_UNKNOWN" }] }),
    },
  });
  await store.resolve("1", reach, "absent");
  expect(store.isMissing).toBe(true);
  await store.copyFrom(source, blob, { reach, onBytes: () => undefined });
  expect(store.isMissing).toBe(false);
});

test("what is remembered is bounded: the longest unused goes first, and what is large is never kept", () => {
  const remembered = new Remembered();
  remembered.add("large", new Uint8Array(mebibyte + 1));
  expect(remembered.get("large")).toBeUndefined();
  for (let at = 0; at < 16; at++)
    remembered.add(String(at), new Uint8Array(mebibyte));
  expect(remembered.get("0")).toBeDefined();
  remembered.add("one more", new Uint8Array(mebibyte));
  expect(remembered.get("1")).toBeUndefined();
  expect(remembered.get("0")).toBeDefined();
  for (let at = 0; at < 5000; at++)
    remembered.add(`small ${at}`, new Uint8Array(1));
  expect(remembered.get("0")).toBeUndefined();
  expect(remembered.get("small 4999")).toBeDefined();
});

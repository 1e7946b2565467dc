import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { digestOf } from "../../../provider/oci/digest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { MemoryStore, reach } from "../mirror/memoryStore";
import { authority } from "../mirror/policies";

const mebibyte = 1024 * 1024;
const bound = 256 * mebibyte;
/** what eight readers may have begun when the bound is met */
const overshoot = 8 * 16 * mebibyte;

/** A place that serves, under any number of digests, one large manifest, and counts what it hands out. */
class HugeStore extends MemoryStore {
  handedOut = 0;
  manifest: Uint8Array = Buffer.alloc(0);

  override async read(node: Descriptor): Promise<Uint8Array> {
    if (this.manifests.has(node.digest) || node.size < mebibyte)
      return super.read(node);
    this.handedOut += node.size;
    return node.mediaType === mediaTypes.ociManifest
      ? this.manifest
      : Buffer.alloc(1);
  }
}

function many(count: number, more: Partial<Descriptor> = {}): Descriptor[] {
  return Array.from({ length: count }, (_, i) => ({
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(Buffer.from(String(i))),
    size: 4 * mebibyte,
    ...more,
  }));
}

function padded(document: object): Uint8Array {
  const text = JSON.stringify(document);
  return Buffer.from(text.padEnd(4 * mebibyte, " "));
}

function imageDocument(store: MemoryStore, more: object = {}) {
  const config = store.blob("{}", mediaTypes.empty);
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [],
    ...more,
  };
}

const subjectOf = ({ mediaType, digest, size }: Descriptor) => ({
  subject: { mediaType, digest, size },
});

async function search(store: HugeStore, root: Descriptor) {
  const artifact = await walk(store, root, { platforms: [], reach });
  store.handedOut = 0;
  const authorities = [authority()];
  return discover(artifact, {
    places: [store],
    authorities,
    coverage: "root",
    readsInside: false,
    reach,
  });
}

test("an index of children that are padded to the bound of one manifest is not kept in memory", async () => {
  const store = new HugeStore("source");
  store.manifest = padded(imageDocument(store));
  const root = store.index(many(300));
  await expect(
    walk(store, root, { platforms: [], reach }),
  ).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(store.handedOut).toBeLessThanOrEqual(bound + overshoot);
});

test("a flood of padded referrers ends at the bound, and not behind it", async () => {
  const store = new HugeStore("source");
  const root = store.image("attacked");
  store.manifest = padded(imageDocument(store, subjectOf(root)));
  store.claims.set(root.digest, many(300));
  await expect(search(store, root)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(store.handedOut).toBeLessThanOrEqual(bound + overshoot);
});

test("evidence that is an index of padded manifests counts, too", async () => {
  const store = new HugeStore("source");
  const root = store.image("attacked");
  store.manifest = padded(imageDocument(store));
  const lists = [
    many(150),
    many(150).map((one) => ({
      ...one,
      digest: digestOf(Buffer.from(`b${one.digest}`)),
    })),
  ];
  for (const manifests of lists)
    store.document({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests,
      ...subjectOf(root),
    });
  await expect(search(store, root)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(store.handedOut).toBeLessThanOrEqual(bound + overshoot);
});

test("a flood of large signatures ends at the bound", async () => {
  const store = new HugeStore("source");
  const root = store.image("attacked");
  const layers = many(100, {
    mediaType: "application/vnd.example.evidence",
    size: 16 * mebibyte,
  });
  for (const layer of layers) store.referrer(root, "x", { layers: [layer] });
  await expect(search(store, root)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(store.handedOut).toBeLessThanOrEqual(bound + overshoot);
});

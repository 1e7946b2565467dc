import { digestOf } from "../../../provider/oci/digest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { discover } from "../../../provider/mirror/discover";
import { MirrorError } from "../../../provider/mirror/errors";
import { walk } from "../../../provider/mirror/graph";
import { listingDigest } from "../../../provider/mirror/listing";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { MemoryStore, reach } from "./memoryStore";
import { authority } from "./policies";

const judges = {
  authorities: [authority()],
  coverage: "root",
  readsInside: false,
} as const;
const legacyTag = ({ digest }: Descriptor, kind: string) =>
  `${digest.replace(":", "-")}.${kind}`;

async function search(
  store: MemoryStore,
  root: Descriptor,
  ...more: MemoryStore[]
) {
  const artifact = await walk(store, root, { platforms: [], reach });
  return discover(artifact, { places: [store, ...more], ...judges, reach });
}

test("referrers, cosign's tags, evidence of children and evidence of evidence are all found", async () => {
  const store = new MemoryStore("source");
  const child = store.image("child");
  const root = store.index([child]);
  const referrer = store.referrer(root, "good");
  const ofChild = store.referrer(child, "about the child");
  const ofReferrer = store.referrer(referrer, "about the referrer");
  const tagged = ["sig", "att", "sbom"].map((kind) =>
    store.image(kind, { tag: legacyTag(root, kind) }),
  );
  const found = await search(store, root);
  const digests = found.manifests.map(({ node }) => node.descriptor.digest);
  expect(new Set(digests)).toEqual(
    new Set(
      [referrer, ofChild, ofReferrer, ...tagged].map(({ digest }) => digest),
    ),
  );
  expect(digests.indexOf(ofReferrer.digest)).toBeGreaterThan(
    digests.indexOf(referrer.digest),
  );
  expect(found.ignored).toEqual([]);
});

test("only evidence about the root is read for judging, and only where somebody can read it", async () => {
  const store = new MemoryStore("source");
  const child = store.image("child");
  const root = store.index([child]);
  store.referrer(root, "good");
  store.referrer(child, "good");
  store.referrer(root, "opaque", {
    layers: [store.blob("opaque", "application/x-opaque")],
  });
  const { evidence, manifests } = await search(store, root);
  expect(manifests).toHaveLength(3);
  expect(
    evidence.map(({ bytes, subject }) => [
      Buffer.from(bytes).toString(),
      subject.digest,
    ]),
  ).toEqual([["good", root.digest]]);
});

test("T24, W105: a manifest that is listed but is about something else is set aside", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const foreign = store.referrer(store.image("other"), "good");
  const nothing = store.image("no subject");
  store.claims.set(root.digest, [foreign, nothing]);
  const { manifests, evidence, ignored } = await search(store, root);
  expect(manifests).toEqual([]);
  expect(evidence).toEqual([]);
  expect(ignored.map(({ digest }) => digest)).toEqual([
    foreign.digest,
    nothing.digest,
  ]);
});

test("a manifest that is listed and not there, or of no kind we know, or ambiguous, is set aside", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const config = store.blob("{}", mediaTypes.empty);
  const gone = {
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(Buffer.from("gone")),
    size: 4,
  };
  const odd = {
    mediaType: "application/x-odd",
    digest: digestOf(Buffer.from("odd")),
    size: 3,
  };
  const twofold = store.document({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [],
    Layers: [],
  });
  store.manifests.set(twofold.digest, {
    bytes: store.manifests.get(twofold.digest)?.bytes ?? Buffer.of(),
    mediaType: mediaTypes.ociManifest,
  });
  store.referrers = async (subject) =>
    subject === root.digest ? [gone, odd, twofold] : [];
  const { manifests, ignored } = await search(store, root);
  expect(manifests).toEqual([]);
  expect(ignored).toHaveLength(3);
});

test.each([
  [
    "an answer that did not come",
    new MirrorError({
      fault: "unreachable",
      code: "NETWORK",
      what: "w",
      why: "y",
      remedy: "r",
    }),
  ],
  ["a fault we cannot name", new TypeError("boom")],
])(
  "G8: %s ends the search: what could not be asked is never nothing",
  async (_, error) => {
    const store = new MemoryStore("source");
    const root = store.image("one");
    const referrer = store.referrer(root, "good");
    const read = store.read.bind(store);
    store.read = (node) =>
      node.digest === referrer.digest ? Promise.reject(error) : read(node);
    await expect(search(store, root)).rejects.toBe(error);
  },
);

test("T33, T34: evidence with too many layers, or too large a layer, is set aside unread", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const layer = store.blob("good", "application/vnd.example.evidence");
  store.referrer(root, "many", {
    layers: Array.from({ length: 1001 }, () => layer),
  });
  store.referrer(root, "large", {
    layers: [{ ...layer, size: 16 * 1024 * 1024 + 1 }],
  });
  const { evidence, ignored } = await search(store, root);
  expect(evidence).toEqual([]);
  expect(ignored).toMatchObject([
    { code: "LIMIT", reason: expect.stringContaining("1001 layers") },
    { code: "LIMIT", reason: expect.stringContaining("bytes of evidence") },
  ]);
});

test("T34: a manifest of evidence that is too large to be read is set aside", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const large = store.referrer(root, "large");
  store.referrer(root, "good");
  const read = store.read.bind(store);
  store.read = (node) =>
    node.digest === large.digest
      ? Promise.reject(
          new MirrorError({
            fault: "exceeded",
            code: "LIMIT_EXCEEDED",
            what: "could not read",
            why: "it is too large",
            remedy: "make it smaller",
          }),
        )
      : read(node);
  const { evidence, ignored } = await search(store, root);
  expect(evidence).toHaveLength(1);
  expect(ignored).toMatchObject([{ digest: large.digest, code: "LIMIT" }]);
});

test("W109: evidence that refers to itself in a circle ends, and evidence too deep is refused", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  let subject = root;
  for (let depth = 0; depth < 3; depth++)
    subject = store.referrer(subject, `depth ${depth}`);
  store.claims.set(subject.digest, [root]);
  await expect(search(store, root)).resolves.toMatchObject({
    ignored: [{ digest: root.digest }],
  });
  for (let depth = 3; depth < 6; depth++)
    subject = store.referrer(subject, `depth ${depth}`);
  await expect(search(store, root)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("N30: too much evidence is refused", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const many = Array.from({ length: 10_001 }, (_, one) =>
    store.referrer(root, `${one}`),
  );
  store.referrers = async (subject) => (subject === root.digest ? many : []);
  await expect(search(store, root)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("an index as evidence brings what is below it", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const part = store.image("part");
  const { mediaType, digest, size } = root;
  store.document({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [part],
    subject: { mediaType, digest, size },
  });
  const { manifests } = await search(store, root);
  expect(
    manifests[0]?.below.map(({ descriptor }) => descriptor.digest),
  ).toEqual([part.digest]);
});

test("BuildKit's attestation manifest, a child and a referrer at once, stays a child", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const said = store.referrer(image, "in-toto");
  const root = store.index([image, said]);
  expect((await search(store, root)).manifests).toEqual([]);
});

test("evidence in another repository is found, and what both hold is taken once", async () => {
  const store = new MemoryStore("source");
  const other = new MemoryStore("source", "signatures.example/all");
  const root = store.image("one");
  store.referrer(root, "good");
  other.referrer(root, "good");
  const there = other.referrer(root, "only there");
  const { manifests } = await search(store, root, other);
  expect(manifests).toHaveLength(2);
  expect(
    manifests.find(({ node }) => node.descriptor.digest === there.digest)?.from,
  ).toBe(other);
});

test("a listing has the same digest whatever its order, and another one when something is added", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  store.referrer(root, "good");
  store.referrer(root, "better");
  const { listed } = await search(store, root);
  expect(listingDigest([...listed].reverse())).toBe(listingDigest(listed));
  expect(listingDigest(listed.slice(1))).not.toBe(listingDigest(listed));
});

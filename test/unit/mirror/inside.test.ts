import type { Policy } from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { attestationAbout, forPlatform, readFor } from "./judged";
import { MemoryStore } from "./memoryStore";
import { policy, requirement } from "./policies";

const reading: Policy = policy({ ...requirement(), readsInside: true });

/** A manifest of bare statements. */
function statements(store: MemoryStore, ...texts: string[]): Descriptor {
  return store.image(texts.join(), {
    layers: texts.map((text) =>
      store.blob(text, "application/vnd.in-toto+json"),
    ),
  });
}

const textOf = ({ bytes }: { readonly bytes: Uint8Array }) =>
  Buffer.from(bytes).toString();

test("a statement inside an index comes with the evidence about all that contains it, and with no other", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const said = statements(store, "provenance", "sbom");
  const inner = store.index([
    forPlatform(image, "linux/amd64"),
    attestationAbout(said, image),
  ]);
  const neighbour = store.image("other");
  const other = store.index([
    neighbour,
    attestationAbout(statements(store, "neighbour"), neighbour),
  ]);
  const root = store.index([inner, other]);
  for (const [subject, text] of [
    [said, "on the statements"],
    [inner, "on the index"],
    [root, "on the root"],
    [image, "on the image"],
    [other, "on another index"],
  ] as const)
    store.referrer(subject, text);
  const { discovered } = await readFor(store, root, reading);
  expect(discovered.inside.map(({ statement }) => textOf(statement))).toEqual([
    "provenance",
    "sbom",
    "neighbour",
  ]);
  const [first] = discovered.inside;
  expect(first?.statement).toMatchObject({
    via: "child",
    subject: { digest: image.digest, platform: { os: "linux" } },
    manifest: { digest: said.digest },
  });
  expect(new Set(first?.covers.map(textOf))).toEqual(
    new Set(["on the statements", "on the index", "on the root"]),
  );
});

test("the same statements in two indexes are read once, and covered by both", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const said = statements(store, "provenance");
  const children = [
    forPlatform(image, "linux/amd64"),
    attestationAbout(said, image),
  ];
  const left = store.index(children);
  const right = store.index([...children, store.image("more")]);
  store.referrer(left, "on the left");
  store.referrer(right, "on the right");
  const root = store.index([left, right]);
  const { discovered } = await readFor(store, root, reading);
  expect(discovered.inside).toHaveLength(1);
  expect(new Set(discovered.inside[0]?.covers.map(textOf))).toEqual(
    new Set(["on the left", "on the right"]),
  );
});

test("T28: a statement about what is not in its index is set aside, and the report says so", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const elsewhere = store.index([image]);
  const [said, blank, itself] = [
    statements(store, "about another"),
    statements(store, "about nothing"),
    statements(store, "about a statement"),
  ];
  const unnamed = {
    ...attestationAbout(blank, image),
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const root = store.index([
    elsewhere,
    attestationAbout(said, image),
    unnamed,
    attestationAbout(itself, said),
  ]);
  const { discovered } = await readFor(store, root, reading);
  expect(discovered.inside).toEqual([]);
  expect(discovered.ignored).toMatchObject(
    [said, blank, itself].map(({ digest }) => ({
      digest,
      code: "SUBJECT_MISMATCH",
      reason: expect.stringContaining("not in the same index"),
    })),
  );
});

test("statements that are too large are set aside unread, and other layers are not read", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const small = store.blob("{}", "application/vnd.in-toto+json");
  const said = store.image("said", {
    layers: [
      { ...small, size: 16 * 1024 * 1024 + 1 },
      store.blob("else", "application/x-else"),
    ],
  });
  const root = store.index([
    forPlatform(image, "linux/amd64"),
    attestationAbout(said, image),
  ]);
  const { discovered } = await readFor(store, root, reading);
  expect(discovered.inside).toEqual([]);
  expect(discovered.ignored).toMatchObject([{ code: "LIMIT" }]);
});

test("what nobody asks for is not read", async () => {
  const store = new MemoryStore("source");
  const image = store.image("one");
  const said = statements(store, "provenance");
  store.referrer(said, "good");
  const root = store.index([
    forPlatform(image, "linux/amd64"),
    attestationAbout(said, store.image("elsewhere")),
  ]);
  const { discovered } = await readFor(store, root, policy(requirement()));
  expect(discovered).toMatchObject({ inside: [], evidence: [], ignored: [] });
});

test("what is not copied is not read: the statements go with the platform that stays behind", async () => {
  const store = new MemoryStore("source");
  const [amd64, arm64] = [store.image("amd64"), store.image("arm64")];
  const [mine, theirs] = [
    statements(store, "about amd64"),
    statements(store, "about arm64"),
  ];
  const root = store.index([
    forPlatform(amd64, "linux/amd64"),
    forPlatform(arm64, "linux/arm64"),
    attestationAbout(mine, amd64),
    attestationAbout(theirs, arm64),
  ]);
  const { discovered } = await readFor(store, root, {
    ...reading,
    platforms: ["linux/amd64"],
  });
  expect(discovered.inside.map(({ statement }) => textOf(statement))).toEqual([
    "about amd64",
  ]);
});

test("manifests that say they are about everything are read so many times and no more", async () => {
  const store = new MemoryStore("source");
  store.referrers = async () => [];
  const images = Array.from({ length: 1001 }, (_, at) => store.image(`${at}`));
  const said = [statements(store, "one"), statements(store, "other")];
  const marked = said.flatMap((one) =>
    images.map((image) => attestationAbout(one, image)),
  );
  const root = store.index([...images, ...marked]);
  const { discovered } = await readFor(store, root, reading);
  expect(discovered.inside).toHaveLength(2000);
});

import { digestOf } from "../../../provider/oci/digest";
import { counts } from "../../registry/recorder";
import { multiArch } from "../../samples/artifacts";
import { nodeOf } from "./opened";
import { blobs, node, useShop, type Copy } from "./shop";

const { copying } = useShop();
const missing = (digest?: string) => ({
  status: 400,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    errors: [
      {
        code: "MANIFEST_BLOB_UNKNOWN",
        message: "blob unknown to registry",
        ...(digest === undefined ? {} : { detail: { digest } }),
      },
    ],
  }),
});
const waited = ({ world }: Copy): number =>
  world.clock.waits.reduce((sum, ms) => sum + ms, 0);

test.each([
  ["which it names", blobs[0]?.digest],
  ["which it does not name", undefined],
])(
  "F33: a registry that finds late what was brought, %s, is given half a minute",
  async (_, named) => {
    const copy = await copying();
    await copy.copy();
    copy.to.misbehave({
      method: "PUT",
      path: /manifests/,
      times: 4,
      action: missing(named),
    });
    await copy.destination.put(node, copy.world.reach);
    expect(waited(copy)).toBeGreaterThan(10_000);
    expect(counts(copy.to.requests)).toMatchObject({ "PUT manifest": 5 });
  },
);

test("F33: after half a minute it is a conflict, and nothing that was known of the repository counts", async () => {
  const copy = await copying();
  await copy.copy();
  copy.to.misbehave({
    method: "PUT",
    path: /manifests/,
    times: Infinity,
    action: missing(),
  });
  await expect(
    copy.destination.put(node, copy.world.reach),
  ).rejects.toMatchObject({ fault: "conflict", code: "NOT_FOUND_BLOB" });
  expect(waited(copy)).toBe(30_000);
  copy.to.behave();
  await copy.copy();
  expect(copy.to.requests.at(-1)?.kind).not.toBe("manifest");
});

test("F33: a blob that the registry took and lost is brought once more", async () => {
  const copy = await copying();
  await copy.copy();
  for (const { digest } of blobs) copy.to.deleteBlob("mirror/app", digest);
  await copy.destination.put(node, copy.world.reach);
  for (const { digest } of blobs)
    expect(copy.to.blob("mirror/app", digest)).toBeDefined();
});

test("F33: what was never brought is not waited for", async () => {
  const copy = await copying();
  await expect(
    copy.destination.put(node, copy.world.reach),
  ).rejects.toMatchObject({ code: "NOT_FOUND_BLOB" });
  expect(waited(copy)).toBe(0);
});

test("F34: a child that the registry took and lost is written once more", async () => {
  const sample = multiArch();
  const copy = await copying();
  const { reach } = copy.world;
  const children = sample.children.map((child) => nodeOf(child));
  for (const child of sample.children)
    for (const blob of child.blobs) copy.to.putBlob("mirror/app", blob);
  for (const child of children) await copy.destination.put(child, reach);
  const [lost] = children;
  if (!lost) throw new Error("the index has no child");
  copy.to.deleteManifest("mirror/app", lost.descriptor.digest);
  await copy.destination.put(nodeOf(sample), reach);
  expect(copy.to.manifest("mirror/app", lost.descriptor.digest)).toBeDefined();
});

test("F33: a manifest that is not found right after it was written is asked for again", async () => {
  const copy = await copying();
  const { reach } = copy.world;
  await copy.copy();
  copy.to.misbehave({
    method: "PUT",
    path: /manifests/,
    action: { delayVisibility: 3 },
  });
  await copy.destination.put(node, reach);
  const { digest } = node.descriptor;
  await expect(copy.destination.resolve(digest, reach)).resolves.toMatchObject({
    digest,
  });
  await expect(
    copy.destination.read(node.descriptor, 1_000_000, reach),
  ).resolves.toEqual(Buffer.from(node.bytes));
  await expect(copy.destination.fetch(digest, reach)).resolves.toBeDefined();
});

test("a manifest that is gone for good is absent after half a minute, and one that others wrote at once", async () => {
  const copy = await copying();
  const { reach } = copy.world;
  await copy.copy();
  await copy.destination.put(node, reach);
  copy.to.deleteManifest("mirror/app", node.descriptor.digest);
  await expect(
    copy.destination.fetch(node.descriptor.digest, reach),
  ).resolves.toBeUndefined();
  const before = waited(copy);
  expect(before).toBeGreaterThanOrEqual(30_000);
  const other = digestOf(Buffer.from("never written"));
  await expect(copy.destination.fetch(other, reach)).resolves.toBeUndefined();
  expect(waited(copy)).toBe(before);
});

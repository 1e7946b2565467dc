import { parseDigest, referrersTag } from "../../../provider/oci/digest";
import type { Node } from "../../../provider/mirror/ports";
import { emptyConfig, image, index, manifest } from "../../samples/artifacts";
import { inRegistry, put, type Sample } from "../../samples/target";
import { nodeOf } from "./opened";
import { node, sample, useShop, type Copy } from "./shop";

const { copying } = useShop();
const tag = referrersTag(node.descriptor.digest);

function referrer(note: string): Sample {
  return manifest({
    artifactType: "application/x",
    config: emptyConfig,
    layers: [],
    subject: sample.descriptor,
    annotations: { note },
  });
}

/** A destination without the referrers API that holds the subject, and what is to be listed with it. */
async function subject(...referrers: readonly Sample[]): Promise<Copy> {
  const copy = await copying({ referrersApi: false });
  await copy.copy();
  await copy.destination.put(node, copy.world.reach);
  for (const one of referrers)
    for (const blob of one.blobs) copy.to.putBlob("mirror/app", blob);
  return copy;
}

/** Somebody else's write: a referrer, and a list of his own under the tag. */
function theirWrite({ to }: Copy, ...referrers: readonly Sample[]): void {
  const list = index(referrers);
  for (const { descriptor, bytes } of [...referrers, list])
    to.putManifest("mirror/app", { ...descriptor, bytes });
  to.setTag("mirror/app", tag, list.descriptor.digest);
}

function listed({ to }: Copy): readonly string[] {
  const digest = to.tag("mirror/app", tag) ?? "";
  const stored = to.manifest("mirror/app", digest)?.bytes ?? "{}";
  const parsed: { manifests?: { digest: string }[] } = JSON.parse(
    stored.toString(),
  );
  return (parsed.manifests ?? []).map((one) => one.digest).sort();
}

const puts = ({ to }: Copy) =>
  to.requests.filter(
    ({ method, path }) => method === "PUT" && path.endsWith(tag),
  );
const digests = (...nodes: readonly Node[]): readonly string[] =>
  nodes.map(({ descriptor }) => descriptor.digest).sort();

test("W108: the tag is written over the state that was seen, where the registry tells one", async () => {
  const [one, two] = [referrer("1"), referrer("2")];
  const copy = await subject(one, two);
  await copy.destination.put(nodeOf(one), copy.world.reach);
  const before = copy.to.tag("mirror/app", tag);
  await copy.destination.put(nodeOf(two), copy.world.reach);
  expect(puts(copy).map(({ headers }) => headers["if-match"])).toEqual([
    undefined,
    `"${before}"`,
  ]);
  expect(listed(copy)).toEqual(digests(nodeOf(one), nodeOf(two)));
});

test("W108: a state that is told weakly, as proxies that compress do, is compared with nothing", async () => {
  const [one, two] = [referrer("1"), referrer("2")];
  const copy = await subject(one, two);
  await copy.destination.put(nodeOf(one), copy.world.reach);
  const before = copy.to.tag("mirror/app", tag);
  copy.to.misbehave({
    method: "GET",
    path: new RegExp(`${tag}$`),
    times: Infinity,
    action: { rewriteHeader: { etag: `W/"${before}"` } },
  });
  await copy.destination.put(nodeOf(two), copy.world.reach);
  expect(puts(copy).at(-1)?.headers["if-match"]).toBeUndefined();
  expect(listed(copy)).toEqual(digests(nodeOf(one), nodeOf(two)));
});

test("W108: a registry that compares and answers 412 is read again, and nobody's entry is lost", async () => {
  const [one, two, theirs] = [referrer("1"), referrer("2"), referrer("3")];
  const copy = await subject(one, two, theirs);
  await copy.destination.put(nodeOf(one), copy.world.reach);
  copy.to.misbehave({
    method: "PUT",
    path: new RegExp(`${tag}$`),
    action: {
      status: 412,
      meanwhile: () => theirWrite(copy, one, theirs),
    },
  });
  await copy.destination.put(nodeOf(two), copy.world.reach);
  expect(listed(copy)).toEqual(
    digests(nodeOf(one), nodeOf(two), nodeOf(theirs)),
  );
});

test("W108: an entry that another writer wrote over is written again", async () => {
  const [one, theirs] = [referrer("1"), referrer("3")];
  const copy = await subject(one, theirs);
  copy.to.misbehave({
    method: "GET",
    path: new RegExp(`${tag}$`),
    nth: 2,
    action: { meanwhile: () => theirWrite(copy, theirs) },
  });
  await copy.destination.put(nodeOf(one), copy.world.reach);
  expect(listed(copy)).toEqual(digests(nodeOf(one), nodeOf(theirs)));
  expect(copy.world.clock.waits.length).toBeGreaterThan(0);
});

test("W108: somebody who never stops writing is a conflict after five rounds", async () => {
  const [one, theirs] = [referrer("1"), referrer("3")];
  const copy = await subject(one, theirs);
  copy.to.misbehave({
    method: "GET",
    path: new RegExp(`${tag}$`),
    times: Infinity,
    action: { meanwhile: () => theirWrite(copy, theirs) },
  });
  await expect(
    copy.destination.put(nodeOf(one), copy.world.reach),
  ).rejects.toMatchObject({ fault: "conflict", code: "TAG_MOVED" });
  expect(puts(copy)).toHaveLength(5);
});

test("W107: a tag that holds no index is somebody's, and is not written over", async () => {
  const one = referrer("1");
  const copy = await subject(one);
  const theirs = image({ seed: "theirs" });
  await put(inRegistry(copy.to, "mirror/app"), theirs, tag);
  await expect(
    copy.destination.put(nodeOf(one), copy.world.reach),
  ).rejects.toMatchObject({ fault: "conflict" });
  expect(copy.to.tag("mirror/app", tag)).toBe(theirs.descriptor.digest);
});

test("W108: a fallback tag that may not move says so at once", async () => {
  const [one, two] = [referrer("1"), referrer("2")];
  const copy = await subject(one, two);
  await copy.destination.put(nodeOf(one), copy.world.reach);
  copy.to.misbehave({
    method: "PUT",
    path: new RegExp(`${tag}$`),
    times: Infinity,
    action: {
      status: 412,
      headers: { "content-type": "application/json" },
      body: '{"errors":[{"code":"PRECONDITION","message":"tag is immutable"}]}',
    },
  });
  await expect(
    copy.destination.put(nodeOf(two), copy.world.reach),
  ).rejects.toMatchObject({ code: "TAG_IMMUTABLE" });
  expect(puts(copy)).toHaveLength(2);
});

test.each([401, 403, 500])(
  "W102: a fallback tag that cannot be read (%i) is not taken for empty",
  async (status) => {
    const one = referrer("1");
    const copy = await subject(one);
    copy.to.misbehave({
      method: "GET",
      path: new RegExp(`${tag}$`),
      times: Infinity,
      action: { status },
    });
    await expect(
      copy.destination.put(nodeOf(one), copy.world.reach),
    ).rejects.toBeDefined();
    expect(puts(copy)).toEqual([]);
  },
);

test("W106: OCI-Subject without the API behind it is not believed", async () => {
  const one = referrer("1");
  const copy = await subject(one);
  copy.to.misbehave({
    method: "PUT",
    path: /manifests\/sha256:/,
    action: {
      rewriteHeader: { "oci-subject": node.descriptor.digest },
    },
  });
  await copy.destination.put(nodeOf(one), copy.world.reach);
  expect(listed(copy)).toEqual(digests(nodeOf(one)));
});

test("a referrer that is removed leaves the list", async () => {
  const [one, two] = [referrer("1"), referrer("2")];
  const copy = await subject(one, two);
  for (const each of [one, two])
    await copy.destination.put(nodeOf(each), copy.world.reach);
  await copy.destination.remove(nodeOf(one).descriptor, copy.world.reach);
  expect(listed(copy)).toEqual(digests(nodeOf(two)));
  expect(parseDigest(copy.to.tag("mirror/app", tag) ?? "")).toBeDefined();
});

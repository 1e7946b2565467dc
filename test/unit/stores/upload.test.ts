import { digestOf, parseDigest } from "../../../provider/oci/digest";
import { counts, scopesAsked, writes } from "../../registry/recorder";
import { blobs, loggedIn, node, sample, useShop } from "./shop";

const { copying } = useShop();
const total = blobs.reduce((sum, blob) => sum + blob.size, 0);

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
  expect(scopesAsked(to.requests)).toEqual(["repository:mirror/app:pull,push"]);
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
  const count = blobs.length;
  expect(counts(to.requests)).toEqual({
    "POST upload": count,
    "PUT upload": count,
  });
});

test("many resources that want one blob send it once", async () => {
  const { to, source, destination, world } = await copying();
  const [blob] = blobs;
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
  const [blob] = blobs;
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

test("F51: a repository that does not exist is named before a byte is sent", async () => {
  const { to, copy } = await copying({ missingRepositories: "refuse" });
  await expect(copy()).rejects.toMatchObject({ code: "NOT_FOUND_REPO" });
  expect(to.requests.reduce((sum, one) => sum + one.requestBytes, 0)).toBe(0);
});

test("N65: a cancelled upload stops, gives its session up, and says so", async () => {
  const stop = new AbortController();
  const { to, copy } = await copying({}, { ...loggedIn, signal: stop.signal });
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

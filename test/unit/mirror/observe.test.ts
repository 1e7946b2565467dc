import { walk } from "../../../provider/mirror/graph";
import {
  listEvidence,
  listingDigest,
  subjectOf,
} from "../../../provider/mirror/listing";
import {
  listClosure,
  shortDigest,
  watchEvidence,
  type Watch,
} from "../../../provider/mirror/observe";
import { MemoryStore, reach } from "./memoryStore";
import { mapBounded } from "../../../provider/mirror/bounded";
import { within } from "../../../provider/mirror/reach";
import {
  hasUnknown,
  PartialError,
  unknown,
} from "../../../provider/mirror/lifecycle";
import { isAbsent, MirrorError } from "../../../provider/mirror/errors";

async function mirrored() {
  const source = new MemoryStore("source");
  const destination = new MemoryStore("destination");
  const child = source.image("child");
  const root = source.index([child]);
  const signature = source.referrer(root, "good");
  for (const [digest, manifest] of source.manifests)
    destination.manifests.set(digest, manifest);
  const { manifests } = await walk(source, root, { platforms: [], reach });
  const nodes = manifests.map(({ descriptor }) => descriptor.digest);
  const seen = {
    root: listingDigest(
      (
        await listEvidence(source, subjectOf(root.digest), {
          reach,
          toRead: false,
        })
      ).listed,
    ),
    all: listingDigest(await listClosure([source], nodes, reach)),
  };
  for (const store of [source, destination]) store.log.length = 0;
  const look = (watch: Watch) =>
    watchEvidence(
      { sources: [source], destination },
      {
        watch,
        root,
        platforms: [],
        seen,
        expected: [shortDigest(signature.digest)],
      },
      reach,
    );
  return { source, destination, child, root, signature, look };
}

test("watch none asks nobody", async () => {
  const at = await mirrored();
  await expect(at.look("none")).resolves.toBeUndefined();
  expect([...at.source.log, ...at.destination.log]).toEqual([]);
});

test("watch root asks the source about the root, and nothing else", async () => {
  const at = await mirrored();
  await expect(at.look("root")).resolves.toEqual([]);
  expect(at.source.log).toHaveLength(4);
  expect(at.destination.log).toEqual([]);
  at.source.referrer(at.root, "new");
  await expect(at.look("root")).resolves.toEqual([
    expect.stringContaining("other evidence"),
  ]);
});

test("watch all sees new evidence of a child, and evidence that the destination lost", async () => {
  const at = await mirrored();
  await expect(at.look("all")).resolves.toEqual([]);
  at.destination.manifests.delete(at.signature.digest);
  await expect(at.look("all")).resolves.toEqual([
    "the destination lost 1 evidence manifests",
  ]);
  at.source.referrer(at.child, "new");
  await expect(at.look("all")).resolves.toHaveLength(2);
});

test.each(["root", "all"] as const)(
  "watch %s takes a denied list for nothing that is gone",
  async (watch) => {
    const at = await mirrored();
    at.source.unlisted = new MirrorError({
      fault: "denied",
      code: "AUTH_DENIED",
      what: "could not list the referrers",
      why: "HTTP 403",
      remedy: "ask for the right",
    });
    await expect(at.look(watch)).rejects.toMatchObject({ fault: "denied" });
  },
);

test("watch all ends although evidence refers to itself", async () => {
  const at = await mirrored();
  at.source.claims.set(at.signature.digest, [at.root]);
  await expect(at.look("all")).resolves.toHaveLength(1);
});

test("after the first throw, what waits is not started", async () => {
  const started: number[] = [];
  const work = mapBounded([1, 2, 3, 4], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error("stop");
    await new Promise((resolve) => setImmediate(resolve));
    return item;
  });
  await expect(work).rejects.toThrow("stop");
  expect(started).toEqual([1, 2]);
  await expect(mapBounded([], 2, async () => 1)).resolves.toEqual([]);
});

test("a reach with a limit ends with its parent and keeps its clock", () => {
  const parent = new AbortController();
  const limited = within({ ...reach, signal: parent.signal }, 60_000);
  parent.abort();
  expect(limited.signal.aborted).toBe(true);
  expect(limited.now()).toEqual(reach.now());
});

test("an unknown value is found at any depth", () => {
  expect(hasUnknown({ a: [{ b: unknown }] })).toBe(true);
  expect(hasUnknown({ a: [{ b: "c" }], d: undefined })).toBe(false);
});

test("an error says what, which side, which reference, why, and what to do", () => {
  const parts = {
    fault: "absent",
    code: "NOT_FOUND_BLOB",
    what: "could not read",
    why: "it is gone",
    remedy: "push it",
  } as const;
  const error = new MirrorError({
    ...parts,
    where: { side: "source", reference: "a/b:1" },
  });
  expect(error.message).toBe(
    "could not read: source a/b:1: it is gone; push it",
  );
  expect(new MirrorError(parts)).toMatchObject({
    message: "could not read: it is gone; push it",
    where: {},
  });
  expect(isAbsent(error)).toBe(true);
  expect(isAbsent(new MirrorError({ ...parts, fault: "denied" }))).toBe(false);
  expect(isAbsent(new Error("absent"))).toBe(false);
  expect(
    new PartialError({ id: "i", state: {}, inputs: {} }, ["a", "b"]).message,
  ).toBe("a; b");
});

import { reach } from "./memoryStore";
import { mirrored, planned, world } from "./mirrored";
import { amountOf } from "../../../provider/mirror/plan";
import { transfer } from "../../../provider/mirror/transfer";

test("planning writes nothing, and counts what is missing", async () => {
  const at = world();
  const made = await planned(at);
  expect(
    at.destination.log.filter(
      (line) => !/^(has|resolve|referrers|read)/.test(line),
    ),
  ).toEqual([]);
  expect(amountOf(made)).toEqual({
    blobs: 6,
    bytes: expect.any(Number),
    manifests: 3,
    evidence: 1,
  });
  expect(made.tag).toMatchObject({ tag: "1.0" });
});

test("G2: blobs, then children, then the root, then evidence, then the tag, last", async () => {
  const at = world();
  const deeper = at.source.referrer(
    at.source.referrer(at.root, "also"),
    "about also",
  );
  await mirrored(at);
  const { log } = at.destination;
  const put = (digest: string) => log.indexOf(`put ${digest}`);
  const lastCopyOfArtifact =
    log.findIndex((line) => line.startsWith("put")) - 1;
  expect(
    log
      .slice(0, lastCopyOfArtifact + 1)
      .every((line) => line.startsWith("copy")),
  ).toBe(true);
  expect(put(at.root.digest)).toBe(
    log.filter((line) => line.startsWith("copy")).length === 0
      ? -1
      : put(at.root.digest),
  );
  const evidence = [...at.destination.manifests.keys()].filter(
    (digest) => !at.source.manifests.has(digest) || digest === deeper.digest,
  );
  expect(evidence).toEqual([deeper.digest]);
  const puts = log.filter((line) => line.startsWith("put"));
  expect(puts.indexOf(`put ${at.root.digest}`)).toBe(2);
  expect(puts[3]).toBe(`put ${deeper.digest}`);
  expect(log.at(-1)).toBe("tag 1.0");
});

test("G3: a second plan has nothing to do", async () => {
  const at = world();
  await mirrored(at);
  const again = await planned(at);
  expect(amountOf(again)).toEqual({
    blobs: 0,
    bytes: 0,
    manifests: 0,
    evidence: 0,
  });
  expect(again.tag).toBeUndefined();
  at.destination.log.length = 0;
  await transfer(again, at.destination, {
    reach,
    prove: async () => again.admitted,
    onProgress: () => {},
  });
  expect(at.destination.log).toEqual([]);
});

test("a root that is there proves nothing about what is below it", async () => {
  const at = world();
  await mirrored(at);
  const lost =
    [...at.destination.manifests.keys()].find(
      (digest) => digest !== at.root.digest && at.source.manifests.has(digest),
    ) ?? "";
  at.destination.manifests.delete(lost);
  const again = await planned(at);
  expect(
    [...again.manifests, ...again.evidence].map(
      ({ descriptor }) => descriptor.digest,
    ),
  ).toEqual([lost]);
});

test("G1: a copy that does not pass where it lies keeps the tag as it was", async () => {
  const at = world();
  const old = at.destination.image("old", { tag: "1.0" });
  const prove = () => Promise.reject(new Error("refused at the destination"));
  await expect(mirrored(at, { prove })).rejects.toThrow(
    "refused at the destination",
  );
  expect(at.destination.named.get("1.0")).toBe(old.digest);
});

test("a tag that named something else is moved, and the plan says from where", async () => {
  const at = world();
  const old = at.destination.image("old", { tag: "1.0" });
  const { made } = await mirrored(at);
  expect(made.tag?.was).toBe(old.digest);
  expect(at.destination.named.get("1.0")).toBe(at.root.digest);
});

test("progress counts blobs and bytes up to the whole", async () => {
  const { progress, made } = await mirrored(world());
  const { blobs, bytes } = amountOf(made);
  expect(progress.at(-1)).toEqual({
    blobs,
    bytes,
    blobsDone: blobs,
    bytesDone: bytes,
  });
});

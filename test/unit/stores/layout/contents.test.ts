import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { referrersTag } from "../../../../provider/oci/digest";
import { mediaTypes } from "../../../../provider/oci/mediaType";
import {
  artifact,
  blobOf,
  emptyConfig,
  memorySource,
  nodeOf,
} from "../../../contract/storeSamples";
import { marker, newPlace, reach, refusalOf, type Place } from "./place";

const refName = "org.opencontainers.image.ref.name";
const named = (node: { descriptor: object }, name: string) => ({
  ...node.descriptor,
  annotations: { [refName]: name },
});
let place: Place;

beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

async function handMade(manifests: readonly object[], more: object = {}) {
  const index = { schemaVersion: 2, ...more, manifests };
  await place.write({
    "oci-layout": marker,
    "index.json": JSON.stringify(index),
  });
}

test("a new layout has the files that the spec asks for, and nothing more", async () => {
  const node = artifact("one");
  await place.destination.put(node, reach);
  await place.destination.tag("v1", node, reach);
  expect((await readdir(place.path)).sort()).toEqual([
    "blobs",
    "index.json",
    "oci-layout",
  ]);
  expect(
    JSON.parse(await readFile(join(place.path, "oci-layout"), "utf8")),
  ).toEqual({ imageLayoutVersion: "1.0.0" });
  expect(await place.index()).toEqual({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [
      {
        ...node.descriptor,
        artifactType: "application/vnd.test.artifact",
        annotations: { [refName]: "v1" },
      },
    ],
  });
});

test("one name for two manifests is ambiguous and refused, and other names are not touched by it (W164)", async () => {
  const [one, two] = [artifact("one"), artifact("two")];
  await handMade([named(one, "v1"), named(two, "v1"), named(two, "v2")]);
  await place.write({
    [`blobs/sha256/${two.descriptor.digest.slice(7)}`]: two.bytes,
  });
  expect(await refusalOf(place.source.resolve("v1", reach))).toBe(
    "corrupt AMBIGUOUS_MANIFEST",
  );
  expect(await place.source.resolve("v2", reach)).toEqual(two.descriptor);
  expect(await place.source.tags(reach)).toEqual(["v1", "v2"]);
});

test("one name twice for one manifest means that manifest, and setting it leaves one entry", async () => {
  const node = artifact("one");
  await handMade([named(node, "v1"), named(node, "v1")]);
  await place.destination.put(node, reach);
  expect(await place.source.resolve("v1", reach)).toEqual(node.descriptor);
  await place.destination.tag("v1", node, reach);
  expect((await place.index()).manifests).toHaveLength(1);
});

test("names that are no tags are kept, not listed, and never paths (N34)", async () => {
  const node = artifact("one");
  const names = ["../../x", "docker.io/library/x:1", "a".repeat(10_000)];
  await handMade(names.map((name) => named(node, name)));
  await place.destination.put(node, reach);
  await place.destination.tag("v1", node, reach);
  expect(await place.source.tags(reach)).toEqual(["v1"]);
  expect((await place.index()).manifests).toHaveLength(4);
  for (const name of names) {
    expect(await place.source.resolve(name, reach)).toEqual(node.descriptor);
    const set = place.destination.tag(name, node, reach);
    expect(await refusalOf(set)).toBe("invalid INVALID_INPUT");
  }
});

test("what other tools have written into index.json is kept", async () => {
  const node = artifact("one");
  const foreign = {
    ...named(node, "v1"),
    platform: { os: "linux", architecture: "arm", "os.features": ["x"] },
    "org.example.mark": { deep: [1, "é", null] },
  };
  const more = { annotations: { who: "somebody" }, "org.example.top": 7 };
  await handMade([foreign], more);
  await place.destination.put(node, reach);
  await place.destination.tag("v2", node, reach);
  await place.destination.untag("v1", reach);
  expect(await place.index()).toEqual({
    schemaVersion: 2,
    ...more,
    manifests: [{ ...foreign, annotations: { [refName]: "v2" } }],
  });
});

test("a moved tag leaves its old manifest listed, without a name", async () => {
  const [old, young] = [artifact("old"), artifact("young")];
  for (const node of [old, young]) {
    await place.destination.put(node, reach);
    await place.destination.tag("v1", node, reach);
  }
  const { manifests } = await place.index();
  expect(manifests.map((m) => [m.digest, m.annotations])).toEqual([
    [old.descriptor.digest, undefined],
    [young.descriptor.digest, { [refName]: "v1" }],
  ]);
});

test("nothing is written where nothing changes", async () => {
  const node = artifact("one");
  await place.destination.put(node, reach);
  await place.destination.tag("v1", node, reach);
  const path = join(place.path, "index.json");
  const { ino, mtimeMs } = await stat(path);
  await place.destination.tag("v1", node, reach);
  await place.destination.untag("v2", reach);
  await place.destination.remove(artifact("never").descriptor, reach);
  expect(await stat(path)).toMatchObject({ ino, mtimeMs });
});

test("a referrer's own ref name does not become a tag", async () => {
  const node = nodeOf(mediaTypes.ociManifest, {
    config: emptyConfig.descriptor,
    layers: [],
    subject: artifact("subject").descriptor,
    annotations: { [refName]: "latest", kept: "yes" },
  });
  await place.destination.put(node, reach);
  expect(await place.source.tags(reach)).toEqual([]);
  expect((await place.index()).manifests[0]?.annotations).toEqual({
    kept: "yes",
  });
});

test("an unlisted manifest is told by what it says, or by its members; other blobs are none", async () => {
  const { mediaType: _, ...silent } = {
    mediaType: "",
    schemaVersion: 2,
    config: emptyConfig.descriptor,
    layers: [],
  };
  const cases: [string, string | undefined][] = [
    [
      JSON.stringify({ mediaType: mediaTypes.dockerManifest }),
      mediaTypes.dockerManifest,
    ],
    [JSON.stringify(silent), mediaTypes.ociManifest],
    ['{"schemaVersion":2,"manifests":[]}', mediaTypes.ociIndex],
    ['{"schemaVersion":2}', undefined],
    ['{"schemaVersion":1,"layers":[]}', undefined],
    [
      '{"mediaType":"application/json","schemaVersion":2,"layers":[]}',
      undefined,
    ],
    ['{"layers":[],"Layers":[]}', undefined],
    ["[]", undefined],
    ["null", undefined],
    ["a layer", undefined],
  ];
  for (const [text, mediaType] of cases) {
    const blob = blobOf(text);
    const by = { reach, onBytes: () => undefined };
    await place.destination.copyFrom(memorySource([blob]), blob.descriptor, by);
    const found = await place.source.resolve(blob.descriptor.digest, reach);
    expect([text, found?.mediaType]).toEqual([text, mediaType]);
  }
});

test("a manifest that index.json names and that is not there: a damaged source, and a destination to be written again", async () => {
  const node = artifact("one", artifact("subject").descriptor);
  await handMade([named(node, "v1")]);
  const { source, destination } = place;
  for (const name of ["v1", node.descriptor.digest]) {
    expect(await refusalOf(source.resolve(name, reach))).toBe(
      "corrupt PROTOCOL",
    );
    expect(await destination.resolve(name, reach)).toBe(undefined);
  }
  await destination.put(node, reach);
  expect(await destination.resolve("v1", reach)).toEqual(node.descriptor);
});

test("referrers are complete or refused: a listed manifest that cannot be read may be one", async () => {
  const subject = artifact("subject").descriptor;
  const [there, lost] = [artifact("there", subject), artifact("lost", subject)];
  await place.destination.put(there, reach);
  await place.destination.put(lost, reach);
  await rm(place.fileOf(lost.descriptor.digest));
  expect(await refusalOf(place.source.referrers(subject.digest, reach))).toBe(
    "absent NOT_FOUND_MANIFEST",
  );
  await writeFile(place.fileOf(lost.descriptor.digest), "{");
  expect(await refusalOf(place.source.referrers(subject.digest, reach))).toBe(
    "corrupt SIZE_MISMATCH",
  );
});

test("referrers that other tools list under the fallback tag are found too, each once", async () => {
  const subject = artifact("subject");
  const [one, two] = [
    artifact("one", subject.descriptor),
    artifact("two", subject.descriptor),
  ];
  const fallback = nodeOf(mediaTypes.ociIndex, {
    manifests: [one.descriptor, two.descriptor],
  });
  const tag = referrersTag(subject.descriptor.digest);
  await place.destination.put(one, reach);
  await place.destination.put(fallback, reach);
  await place.destination.tag(tag, fallback, reach);
  const listed = () => place.source.referrers(subject.descriptor.digest, reach);
  expect((await listed()).map((node) => node.digest)).toEqual([
    one.descriptor.digest,
    two.descriptor.digest,
  ]);
  await place.destination.put(subject, reach);
  await place.destination.tag(tag, subject, reach);
  expect((await listed()).map((node) => node.digest)).toEqual([
    one.descriptor.digest,
  ]);
});

test("entries of other types than manifests are left alone", async () => {
  const blob = blobOf("no manifest");
  await handMade([blob.descriptor]);
  const { source } = place;
  expect(await source.referrers(blob.descriptor.digest, reach)).toEqual([]);
  expect(await source.tags(reach)).toEqual([]);
});

test("a source without index.json is damaged", async () => {
  await place.write({ "oci-layout": marker });
  expect(await refusalOf(place.source.tags(reach))).toBe("corrupt PROTOCOL");
  expect(await place.destination.tags(reach)).toEqual([]);
});

test("an index that would grow beyond 4 MiB is refused, and the old one stays", async () => {
  const subject = artifact("subject").descriptor;
  const long = (title: string) =>
    artifact(title.repeat(3 * 1024 * 1024), subject);
  await place.destination.put(long("a"), reach);
  expect(await refusalOf(place.destination.put(long("b"), reach))).toBe(
    "exceeded LIMIT_EXCEEDED",
  );
  expect((await place.index()).manifests).toHaveLength(1);
});

test("nothing is left of a copy that is stopped, and its fault is cancelled", async () => {
  const blob = blobOf(Buffer.alloc(1024 * 1024, 1));
  const stop = new AbortController();
  const stopped = { ...reach, signal: stop.signal };
  const by = { reach: stopped, onBytes: () => stop.abort() };
  const copy = place.destination.copyFrom(
    memorySource([blob]),
    blob.descriptor,
    by,
  );
  expect(await refusalOf(copy)).toBe("cancelled CANCELLED");
  expect(await readdir(join(place.path, "blobs", "sha256"))).toEqual([]);
});

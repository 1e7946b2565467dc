import { walk } from "../../../../provider/mirror/graph";
import type { Descriptor } from "../../../../provider/oci/descriptor";
import { mediaTypes } from "../../../../provider/oci/mediaType";
import { createdOf } from "../../../../provider/resources/mirroring/age/created";
import { attestationAbout, forPlatform } from "../../mirror/judged";
import { MemoryStore, reach } from "../../mirror/memoryStore";

const annotation = "org.opencontainers.image.created";
const ociConfig = "application/vnd.oci.image.config.v1+json";
const dockerConfig = "application/vnd.docker.container.image.v1+json";
const day = (number: number) => `2026-11-0${number}T12:00:00Z`;
const dated = (created: unknown) => JSON.stringify({ created });

function imageOf(
  store: MemoryStore,
  of: { config?: string; type?: string; annotated?: string },
): Descriptor {
  const { config = "{}", type = ociConfig, annotated } = of;
  return store.document({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: store.blob(config, type),
    layers: [],
    ...(annotated !== undefined && {
      annotations: { [annotation]: annotated },
    }),
  });
}

async function made(store: MemoryStore, root: Descriptor) {
  const artifact = await walk(store, root, { platforms: [], reach });
  const answer = await createdOf(store, artifact, reach);
  return "at" in answer ? answer.at.toISOString() : answer.why;
}

test.each([
  ["its annotation", { annotated: day(2), config: dated(day(1)) }, day(2)],
  ["its config", { config: dated(day(3)) }, day(3)],
  ["Docker's config", { config: dated(day(3)), type: dockerConfig }, day(3)],
  [
    "a config of nanoseconds and another zone",
    { config: dated("2026-11-03T14:00:00.000000000+02:00") },
    day(3),
  ],
])("an image is as old as %s says", async (_, how, date) => {
  const store = new MemoryStore("source");
  const expected = new Date(date).toISOString();
  expect(await made(store, imageOf(store, how))).toBe(expected);
});

test.each([
  ["nothing", {}, /^it has no org\.opencontainers/],
  ["no string", { config: dated(null) }, /^it has no/],
  ["a number", { config: dated(5) }, /^its config cannot be read/],
  ["no JSON", { config: "{" }, /^its config cannot be read/],
  ["another kind of config", { config: dated(day(1)), type: "x/y" }, /^it has/],
  [
    "words",
    { annotated: "today\u001b[2J" },
    /says today \[2J, which is no date/,
  ],
  ["a day that is none", { annotated: "2026-13-01T00:00:00Z" }, /no date/],
  ["a day alone", { annotated: "2026-11-01" }, /which is no date/],
  ["year 1", { config: dated("0001-01-01T00:00:00Z") }, /reproducible builds/],
  ["1970", { annotated: "1970-01-01T00:00:00Z" }, /reproducible builds/],
  ["1980", { config: dated("1980-01-01T00:00:01Z") }, /reproducible builds/],
])("an image that says %s has no date", async (_, how, why) => {
  const store = new MemoryStore("source");
  expect(await made(store, imageOf(store, how))).toMatch(why);
});

test("an index is as old as its annotation says, else as its newest part; what no platform can choose does not count", async () => {
  const store = new MemoryStore("source");
  const amd = imageOf(store, { config: dated(day(2)) });
  const arm = imageOf(store, { config: dated(day(4)) });
  const parts = [
    forPlatform(amd, "linux/amd64"),
    forPlatform(arm, "linux/arm64"),
  ];
  const about = attestationAbout(imageOf(store, { type: "x/y" }), amd);
  const newest = new Date(day(4)).toISOString();
  expect(await made(store, store.index([...parts, about]))).toBe(newest);
  const said = store.document({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: parts,
    annotations: { [annotation]: day(1) },
  });
  expect(await made(store, said)).toBe(new Date(day(1)).toISOString());
});

test("an index with one part that is not dated has no date, and the part is named", async () => {
  const store = new MemoryStore("source");
  const parts = [
    forPlatform(imageOf(store, { config: dated(day(2)) }), "linux/amd64"),
    forPlatform(imageOf(store, {}), "linux/arm64"),
    forPlatform(imageOf(store, { config: dated(day(5)) }), "linux/s390x"),
  ];
  expect(await made(store, store.index(parts))).toMatch(
    /^linux\/arm64: it has/,
  );
});

test("an index of nothing has no date", async () => {
  const store = new MemoryStore("source");
  expect(await made(store, store.index([]))).toMatch(/^it has no/);
});

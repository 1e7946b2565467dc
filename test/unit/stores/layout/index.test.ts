import { readdir } from "node:fs/promises";
import { withTag } from "../../../../provider/stores/layout/entries";
import {
  emptyIndex,
  readIndex,
  writeIndex,
} from "../../../../provider/stores/layout/indexFile";
import { artifact } from "../../../contract/storeSamples";
import { marker, newPlace, type Place } from "./place";

const oldText = '{"schemaVersion":2,"manifests":[],"org.example.old":true}';
let place: Place;

beforeEach(async () => {
  place = await newPlace();
  await place.write({ "oci-layout": marker, "index.json": oldText });
});
afterEach(() => place.remove());

test("a writer whose lock was taken over leaves the index of the new owner as it is", async () => {
  const where = {
    side: "destination",
    path: place.path,
    repository: "oci:x",
  } as const;
  const index = withTag(emptyIndex, "v1", artifact("one").descriptor);
  const lost = { verify: () => Promise.reject(new Error("lost")) };
  await expect(writeIndex(where, index, lost)).rejects.toThrow("lost");
  expect(await place.index()).toEqual(JSON.parse(oldText));
  expect((await readdir(place.path)).sort()).toEqual([
    "blobs",
    "index.json",
    "oci-layout",
  ]);
  const held = { verify: () => Promise.resolve() };
  await writeIndex(where, index, held);
  expect((await readIndex(where))?.entries.map((entry) => entry.name)).toEqual([
    "v1",
  ]);
});

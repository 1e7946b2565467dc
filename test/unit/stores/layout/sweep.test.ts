import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { artifact } from "../../../contract/storeSamples";
import { marker, newPlace, reach, type Place } from "./place";

const empty = '{"schemaVersion":2,"manifests":[]}';
let place: Place;

beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

test("files of dead runs are cleared away, those of living ones and of other machines are not", async () => {
  const host = hostname().replaceAll(/[^A-Za-z0-9]/g, "_");
  const now = `.${host}~${process.pid}~x.part`;
  const dead = `.${host}~${deadPid()}~x.part`;
  const fresh = ".elsewhere0~1~x.part";
  const ours = "precious.part";
  await place.write({ "oci-layout": marker, "index.json": empty });
  const folder = join(place.path, "blobs", "sha256");
  for (const name of [now, dead, fresh, ours]) {
    await writeFile(join(folder, name), "");
    await writeFile(join(place.path, name), "");
  }
  await place.destination.put(artifact("one"), reach);
  const left = [...(await readdir(folder)), ...(await readdir(place.path))];
  expect(left.filter((name) => name.endsWith(".part")).sort()).toEqual(
    [now, now, fresh, fresh, ours, ours].sort(),
  );
});

test("files of other machines are cleared away after a day", async () => {
  await place.write({ "oci-layout": marker, "index.json": empty });
  await place.write({ ".elsewhere0~1~x.part": "" });
  const tomorrow = { ...reach, now: () => new Date(Date.now() + 90_000_000) };
  await place.destination.put(artifact("one"), tomorrow);
  expect((await readdir(place.path)).sort()).toEqual([
    "blobs",
    "index.json",
    "oci-layout",
  ]);
});

/** The number of no process: of one that has just ended, or one beyond all. */
function deadPid(): number {
  return 2 ** 22 + 1;
}

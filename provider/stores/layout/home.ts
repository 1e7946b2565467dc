import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MirrorError } from "../../mirror/errors";
import { whereIn } from "../../mirror/where";
import { asObject, readJson, requiredString } from "../../oci/json";
import { MalformedError } from "../../oci/malformed";
import { readSmall, replaceFile, syncDirectory } from "./disk";
import { sweep } from "./owner";
import { damaged, errnoOf, type Place } from "./place";

const version = "1.0.0";
const markerName = "oci-layout";

/** Whether there is a layout that we can read: `false` when the directory is missing or empty; another version is refused (W160). */
export async function isLayout(place: Place): Promise<boolean> {
  const where = whereIn(place);
  const path = join(place.path, markerName);
  const bytes = await readSmall(path, 4096, where);
  if (bytes === undefined) {
    const names = await shownNames(place);
    if (names.length === 0) return false;
    if (names.includes(markerName)) return isLayout(place); // just made by another run
    throw damaged(where, `there is no ${markerName} file in the directory`);
  }
  const found = readVersion(place, bytes);
  if (found === version) return true;
  throw new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: "could not use the OCI layout",
    where,
    why: `it has version ${found}`,
    remedy: `make a layout of version ${version}`,
  });
}

/** Makes the directory a layout, if it is not yet, and clears away what dead runs have left. */
export async function makeLayout(place: Place, now: Date): Promise<void> {
  await mkdir(place.path, { recursive: true });
  if (!(await isLayout(place))) {
    const content = Buffer.from(
      JSON.stringify({ imageLayoutVersion: version }),
    );
    await replaceFile({ directory: place.path, name: markerName, content });
  }
  const blobs = join(place.path, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  await syncDirectory(join(place.path, "blobs"));
  await sweep(place.path, now);
  await sweep(blobs, now);
}

function readVersion(place: Place, bytes: Uint8Array): string {
  try {
    const marker = asObject(readJson(bytes), markerName);
    return requiredString(marker, "imageLayoutVersion", markerName);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw damaged(whereIn(place), error.message, error);
  }
}

/** Hidden files may come from a run that has just begun a layout here. */
async function shownNames(place: Place): Promise<readonly string[]> {
  try {
    const names = await readdir(place.path);
    return names.filter((name) => !name.startsWith("."));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

import type { Stats } from "node:fs";
import { lstat, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { MirrorError } from "../../mirror/errors";
import { whereIn } from "../../mirror/where";
import type { Descriptor } from "../../oci/descriptor";
import { algorithmOf, hexOf, type Digest } from "../../oci/digest";
import { isManifestType } from "../../oci/mediaType";
import { collect } from "../collect";
import { proven } from "../proven";
import { openRegular, replaceFile, syncDirectory } from "./disk";
import { damaged, errnoOf, type Place } from "./place";

const chunkBytes = 256 * 1024;

/** The size in bytes of the blob with this digest; `undefined` when there is none. */
export async function sizeOfBlob(
  place: Place,
  digest: Digest,
): Promise<number | undefined> {
  await using handle = await openBlob(place, digest);
  return handle === undefined ? undefined : (await handle.stat()).size;
}

/** A blob's bytes, the last of them only when digest and size are proven. */
export async function* streamBlob(
  place: Place,
  blob: Descriptor,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using handle = await openBlob(place, blob.digest);
  if (handle === undefined) throw absent(place, blob);
  const stream = handle.createReadStream({
    highWaterMark: chunkBytes,
    autoClose: false,
  });
  yield* proven(stream, blob, whereIn(place, blob.digest));
}

/** All bytes of a blob, proven. */
export function readBlob(place: Place, blob: Descriptor): Promise<Uint8Array> {
  return collect(streamBlob(place, blob));
}

/** Writes a blob; nothing can be seen of it before digest and size are proven. */
export async function writeBlob(
  place: Place,
  blob: Descriptor,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  await mkdir(directoryOf(place, blob.digest), { recursive: true });
  const directory = await blobDirectory(place, blob.digest);
  const where = whereIn(place, blob.digest);
  if (directory === undefined) throw damaged(where, "its blobs are going away");
  const content = proven(chunks, blob, where);
  await replaceFile({ directory, name: hexOf(blob.digest), content });
}

/** Removes a blob, if it is there. */
export async function removeBlob(place: Place, digest: Digest): Promise<void> {
  const directory = await blobDirectory(place, digest);
  if (directory === undefined) return;
  await rm(join(directory, hexOf(digest)), { force: true });
  await syncDirectory(directory);
}

/** Proven not to be there. */
export function absent(place: Place, node: Descriptor): Error {
  const kind = isManifestType(node.mediaType) ? "manifest" : "blob";
  return new MirrorError({
    fault: "absent",
    code: kind === "manifest" ? "NOT_FOUND_MANIFEST" : "NOT_FOUND_BLOB",
    what: `could not read the ${kind}`,
    where: whereIn(place, node.digest),
    why: "the layout does not have it",
    remedy: "copy the artifact into the layout again",
  });
}

async function openBlob(place: Place, digest: Digest) {
  const directory = await blobDirectory(place, digest);
  if (directory === undefined) return undefined;
  const path = join(directory, hexOf(digest));
  return openRegular(path, whereIn(place, digest));
}

function directoryOf(place: Place, digest: Digest): string {
  return join(place.path, "blobs", algorithmOf(digest));
}

/** The real directory of a blob, which must lie in the layout: neither it nor its parent may be a link (N32). */
async function blobDirectory(
  place: Place,
  digest: Digest,
): Promise<string | undefined> {
  let directory = place.path;
  for (const name of ["blobs", algorithmOf(digest)]) {
    directory = join(directory, name);
    const found = await lookAt(directory);
    if (found === undefined) return undefined;
    if (!found.isDirectory()) {
      throw damaged(whereIn(place), `${directory} is not a directory`);
    }
  }
  return directory;
}

async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { MirrorError, type Where } from "../../mirror/errors";
import { temporaryName } from "./owner";
import { damaged, errnoOf } from "./place";

const readOnly =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a regular file for reading; `undefined` when there is none. Links are not followed, and a FIFO does not block (W161). */
export async function openRegular(
  path: string,
  where: Where,
): Promise<FileHandle | undefined> {
  const handle = await openUnfollowed(path, where);
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  throw damaged(where, `${path} is not a regular file`);
}

async function openUnfollowed(
  path: string,
  where: Where,
): Promise<FileHandle | undefined> {
  try {
    return await open(path, readOnly);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return undefined;
    if (errno === "ELOOP") throw damaged(where, `${path} is a link`, error);
    // ENXIO: a socket, which cannot be opened at all
    if (errno === "ENXIO") throw damaged(where, `${path} is no file`, error);
    throw error;
  }
}

/** All bytes of a small regular file; `undefined` when there is none. */
export async function readSmall(
  path: string,
  maxBytes: number,
  where: Where,
): Promise<Uint8Array | undefined> {
  await using handle = await openRegular(path, where);
  if (handle === undefined) return undefined;
  const { size } = await handle.stat();
  if (size > maxBytes) throw tooBig(path, maxBytes, where);
  const bytes = await readUpTo(handle, size + 1);
  return bytes.length <= size ? bytes : await readSmall(path, maxBytes, where); // it grew
}

async function readUpTo(handle: FileHandle, maxBytes: number) {
  const bytes = Buffer.alloc(maxBytes);
  for (let filled = 0; filled < maxBytes;) {
    const { bytesRead } = await handle.read(bytes, filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** More than a layout's own files may hold. */
export function tooBig(path: string, maxBytes: number, where: Where): Error {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not use the OCI layout",
    where,
    why: `${path} is bigger than ${maxBytes} bytes`,
    remedy: "use a directory for fewer artifacts",
  });
}

/** A file to be put in place. */
export interface Replacement {
  readonly directory: string;
  readonly name: string;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** The last word before the file becomes visible; throws to prevent it. */
  readonly beforeVisible?: () => Promise<void>;
}

/** Writes a file so that its name has the old content or all of the new one, whatever happens in between (W162). */
export async function replaceFile(file: Replacement): Promise<void> {
  const temporary = join(file.directory, temporaryName(randomUUID()));
  try {
    await writeThrough(temporary, file.content);
    await file.beforeVisible?.();
    await rename(temporary, join(file.directory, file.name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(file.directory);
}

async function writeThrough(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  await using handle = await open(path, "wx", 0o644);
  await handle.writeFile(content);
  await handle.sync();
}

/** Makes names in a directory durable. Windows knows no such thing. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(path, constants.O_RDONLY);
  await handle.sync();
}

import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Reach, Source } from "../../../mirror/ports";
import { textOf } from "../../../mirror/textOf";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, hasher, hexOf, type Digest } from "../../../oci/digest";
import { PluginFailure } from "./failure";

/** A plugin's executable, where it comes from. */
export interface Executable {
  readonly layer: Descriptor;
  readonly from: Source;
}

/** A plugin's executable on this machine. */
export interface Shelved {
  readonly path: string;
  readonly digest: Digest;
}

const isWindows = process.platform === "win32";

/** Brings the bytes here unless they are here already, under the name of their digest. They are not trusted for lying there: see `requireUnchanged`. */
export async function shelve(
  { layer, from }: Executable,
  folder: string,
  reach: Reach,
): Promise<Shelved> {
  const { digest } = layer;
  const name = `${algorithmOf(digest)}-${hexOf(digest)}`;
  const path = join(folder, isWindows ? `${name}.exe` : name);
  await makePrivate(folder);
  if (!(await isThere(path))) {
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      await write(temporary, from.open(layer, reach));
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  return { path, digest };
}

/** Throws `PLUGIN_CHANGED` unless the file holds what its digest says, and nobody else may write it. Asked before every start. */
export async function requireUnchanged({
  path,
  digest,
}: Shelved): Promise<void> {
  await using file = await open(
    path,
    constants.O_RDONLY | (isWindows ? 0 : constants.O_NOFOLLOW),
  );
  const status = await file.stat();
  if (!status.isFile() || !isOurs(status, 0o022)) {
    throw changed(path, "is not a file of ours alone");
  }
  const hash = hasher(algorithmOf(digest));
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    hash.update(chunk);
  }
  const now = hash.digest();
  if (now !== digest) throw changed(path, `is ${now} now`);
}

function changed(path: string, how: string): PluginFailure {
  return new PluginFailure(
    "PLUGIN_CHANGED",
    `was changed on this machine: ${path} ${how}; find out by whom, and remove it`,
  );
}

async function makePrivate(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PluginFailure(
      "PLUGIN_ERROR",
      `has no place on this machine (${textOf(cause)}); let XDG_CACHE_HOME name a directory that can be written`,
      { cause },
    );
  }
  const status = await lstat(folder);
  if (status.isDirectory() && isOurs(status, 0o077)) return;
  throw new PluginFailure(
    "PLUGIN_ERROR",
    `has no safe place on this machine: ${folder} must be a directory of yours alone (chmod 700)`,
  );
}

/** Whether it belongs to this user, and to nobody else by the bits of `others`. */
function isOurs(
  status: { readonly uid: number; readonly mode: number },
  others: number,
): boolean {
  if (isWindows) return true;
  return status.uid === process.getuid?.() && (status.mode & others) === 0;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  await using file = await open(path, "wx", 0o700);
  await file.writeFile(content);
  await file.sync();
}

import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Where } from "../../../mirror/errors";
import { withLock } from "../../layout/lock";

/** What one writer of this machine works at, and until when it wants to. */
export interface Turn {
  readonly key: string;
  readonly what: string;
  readonly where: Where;
  readonly signal: AbortSignal;
}

/** Works while no other process of this user on this machine works at the same (G11); where there is no folder that only we can write, it goes on without. */
export async function aloneOnMachine<T>(
  turn: Turn,
  work: () => Promise<T>,
): Promise<T> {
  const folder = await ownFolder();
  if (folder === undefined) return work();
  const name = createHash("sha256").update(turn.key).digest("hex");
  return withLock(join(folder, `${name}.lock`), turn, work);
}

/** A folder of ours for temporary things: nobody else may hold our locks, or lay links there. */
async function ownFolder(): Promise<string | undefined> {
  const uid = process.getuid?.();
  // a container's user may have no name, and to ask for it throws
  const name = uid ?? encodeURIComponent(userInfo().username);
  const folder = join(tmpdir(), `artifact-mirror-${name}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await lstat(folder);
    const isPrivate =
      uid === undefined || (found.uid === uid && (found.mode & 0o77) === 0);
    return found.isDirectory() && isPrivate ? folder : undefined;
  } catch {
    return undefined; // no place for temporary files
  }
}

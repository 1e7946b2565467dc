import { createHash, randomUUID } from "node:crypto";
import { lstat, open, unlink, type FileHandle } from "node:fs/promises";
import { setInterval, setTimeout } from "node:timers/promises";
import { MirrorError, type Where } from "../../mirror/errors";
import { readSmall } from "./disk";
import { fateOf, ownedBy } from "./owner";
import { errnoOf } from "./place";

/** How a lock is waited for. Time is what was slept: no clock is asked, so none can be wrong. */
export interface LockOptions {
  /** what cannot be done where somebody goes on holding it */
  readonly what: string;
  readonly where: Where;
  readonly signal: AbortSignal;
  /** a lock without heartbeat for so long is taken over; 60 s */
  readonly staleMs?: number;
  /** the same for the lock of a process of this machine that is gone, or of one that did not write its name; 5 s */
  readonly deadMs?: number;
  /** how long to wait for others in all; 180 s */
  readonly patienceMs?: number;
}

/** A lock that is held. */
export interface Held {
  /** Throws `LOCKED` when somebody has taken the lock over, because this process slept too long. */
  verify(): Promise<void>;
}

type Patience = Required<LockOptions> & { readonly path: string };

const pollMs = 20;
const maxLockBytes = 64 * 1024;

/** Does some work that only one process may do at a time; `path` is the lock file (W163). */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const patience = {
    staleMs: 60_000,
    deadMs: 5_000,
    patienceMs: 180_000,
    ...options,
    path,
  };
  const words = ownedBy(randomUUID());
  await using handle = await acquire(patience, words);
  const stop = new AbortController();
  const beating = beat(handle, patience.staleMs / 6, stop.signal);
  try {
    return await work({ verify: () => requireOurs(patience, words) });
  } finally {
    stop.abort();
    await beating;
    await release(patience, words);
  }
}

async function acquire(patience: Patience, words: string): Promise<FileHandle> {
  let seen: string | undefined;
  let stillMs = 0;
  for (let waitedMs = 0; waitedMs < patience.patienceMs; waitedMs += pollMs) {
    const handle = await create(patience.path, words);
    if (handle !== undefined) return handle;
    const mark = await markOf(patience);
    stillMs = mark === seen ? stillMs + pollMs : 0;
    seen = mark;
    if (mark !== undefined && stillMs >= boundFor(mark, patience)) {
      await bury(patience, mark);
    }
    await setTimeout(pollMs, undefined, { signal: patience.signal });
  }
  throw locked(patience, "another run holds its lock, and goes on holding it");
}

async function create(
  path: string,
  words: string,
): Promise<FileHandle | undefined> {
  const handle = await createNew(path);
  try {
    await handle?.writeFile(`${words}\n`);
    return handle;
  } catch (error) {
    await handle?.close();
    await unlink(path);
    throw error;
  }
}

async function createNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "wx", 0o644);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** What changes with every heartbeat and every new owner. */
async function markOf({ path, where }: Patience): Promise<string | undefined> {
  try {
    const { ino, mtimeMs } = await lstat(path);
    const words = await readSmall(path, maxLockBytes, where);
    return `${new TextDecoder().decode(words)} ${ino} ${mtimeMs}`;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Who could not even finish its name is dead as well, on whichever machine. */
function boundFor(mark: string, patience: Patience): number {
  const isNamed = mark.includes("\n");
  const isDead = !isNamed || fateOf(mark) === "dead";
  return isDead ? patience.deadMs : patience.staleMs;
}

/** Removes a stale lock. Of all that wait, one alone gets the right to bury this very lock, and looks at it once more. */
async function bury(patience: Patience, mark: string): Promise<void> {
  const name = createHash("sha256").update(mark).digest("hex").slice(0, 16);
  const right = `${patience.path}.${name}`;
  const handle = await createNew(right);
  if (handle === undefined) return;
  try {
    if ((await markOf(patience)) === mark) await unlink(patience.path);
  } finally {
    await handle.close();
    await unlink(right);
  }
}

/** A heartbeat that cannot be written is missed, and a lock that was lost by it is noticed by `verify`. */
async function beat(
  handle: FileHandle,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const _ of setInterval(everyMs, undefined, { signal })) {
      await handle.write(".");
    }
  } catch (error) {
    if (!signal.aborted && errnoOf(error) === undefined) throw error;
  }
}

async function isOurs(patience: Patience, words: string): Promise<boolean> {
  const mark = await markOf(patience);
  return mark?.startsWith(`${words}\n`) ?? false;
}

async function requireOurs(patience: Patience, words: string): Promise<void> {
  if (await isOurs(patience, words)) return;
  throw locked(patience, "this run was asleep, and another took its lock over");
}

async function release(patience: Patience, words: string): Promise<void> {
  if (await isOurs(patience, words)) await unlink(patience.path);
}

function locked({ path, what, where }: Patience, why: string): MirrorError {
  return new MirrorError({
    fault: "conflict",
    code: "LOCKED",
    what,
    where,
    why,
    remedy: `run again; when no other run is at work, delete ${path}*`,
  });
}

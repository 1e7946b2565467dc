import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Reach } from "../../../mirror/ports";
import { PluginFailure } from "./failure";
import { endWithUs, killTree } from "./killing";
import { requireProgram } from "./program";
import { requireUnchanged, type Shelved } from "./shelf";

/** One run of a plugin. */
export interface Run {
  readonly executable: Shelved;
  /** the variables of the protocol; nothing else of ours goes along but PATH */
  readonly environment: Readonly<Record<string, string>>;
  /** what it reads from stdin */
  readonly input: string;
  readonly timeoutMs: number;
}

/** How a run ended, and what it wrote. */
export interface Ended {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** why it did not end well: `exited with 1` */
  readonly ending: string | undefined;
}

const maxOutput = 4 * 1024 * 1024;
const mostStarts = 6;
const betweenStartsMs = 200;
const isWindows = process.platform === "win32";

/**
 * Starts a plugin, from bytes hashed just before, without arguments and shell, in an empty home that is removed afterwards, and waits for its end.
 * Throws `PLUGIN_CHANGED`, `PLUGIN_TIMEOUT`, or `PLUGIN_ERROR` where it could not start or wrote more than 4 MiB; what it had started is ended with it.
 */
export async function runPlugin(run: Run, reach: Reach): Promise<Ended> {
  reach.signal.throwIfAborted();
  const home = await mkdtemp(join(tmpdir(), "artifact-mirror-plugin-"));
  try {
    await mkdir(join(home, "tmp"));
    for (let starts = 1; ; starts++) {
      const ended = await attempt(run, home, reach);
      if (ended !== "busy") return ended;
      if (starts === mostStarts) throw unstartable("ETXTBSY");
      await setTimeout(betweenStartsMs, undefined, { signal: reach.signal });
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** `busy`: a process that was forked while the file was written still holds it open. */
async function attempt(
  run: Run,
  home: string,
  { signal }: Reach,
): Promise<Ended | "busy"> {
  const { executable, timeoutMs } = run;
  await requireProgram(executable.path);
  await requireUnchanged(executable);
  const deadline = AbortSignal.timeout(timeoutMs);
  const stopped = AbortSignal.any([signal, deadline]);
  const { ended, error } = await start(run, home, stopped);
  signal.throwIfAborted();
  if (ended === undefined) {
    if (error?.code === "ETXTBSY") return "busy";
    throw unstartable(error?.code ?? "for no reason given", error);
  }
  if (!deadline.aborted) return ended;
  throw new PluginFailure(
    "PLUGIN_TIMEOUT",
    `gave no answer within ${timeoutMs / 1000} s`,
    { isInconclusive: true },
  );
}

/** How it ended, or why it did not even start. */
interface Started {
  readonly ended?: Ended;
  readonly error?: NodeJS.ErrnoException;
}

/** Node throws some reasons, and tells others by an event. */
async function start(
  run: Run,
  home: string,
  stopped: AbortSignal,
): Promise<Started> {
  try {
    const child = spawned(run, home);
    const started = Promise.withResolvers<void>();
    child.once("spawn", started.resolve);
    child.once("error", started.reject);
    const ended = ending(child, run.input, stopped);
    await started.promise;
    return { ended: await ended };
  } catch (error) {
    return { error: Object(error) };
  }
}

function spawned(
  { executable, environment }: Run,
  home: string,
): ChildProcessWithoutNullStreams {
  const { PATH = "", SYSTEMROOT } = process.env;
  return spawn(executable.path, [], {
    cwd: home,
    detached: !isWindows, // a group of its own, which can be ended as a whole
    windowsHide: true,
    env: {
      PATH,
      ...(isWindows && { SYSTEMROOT }),
      HOME: home,
      USERPROFILE: home,
      TMPDIR: join(home, "tmp"),
      DOCKER_CONFIG: join(home, ".docker"),
      ...environment,
    },
  });
}

/** Feeds it, and waits for its end or ends it: when it is told to, or when it writes too much. */
function ending(
  child: ChildProcessWithoutNullStreams,
  input: string,
  stopped: AbortSignal,
): Promise<Ended> {
  const release = endWithUs(child);
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let length = 0;
  const finish = (reason: string | undefined) =>
    resolve({
      stdout: Buffer.concat(out),
      stderr: Buffer.concat(err),
      ending: reason,
    });
  const stop = (reason: string) => {
    killTree(child);
    finish(reason);
  };
  const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxOutput) stop("wrote more than 4 MiB");
    else chunks.push(chunk);
  };
  child.stdout.on("data", keep(out));
  child.stderr.on("data", keep(err));
  child.stdin.on("error", () => undefined); // it may exit without reading
  child.stdin.end(input);
  // what it leaves behind would hold its output open
  child.once("exit", () => killTree(child));
  child.once("close", (code, signal) =>
    finish(code === 0 ? undefined : `exited with ${code ?? signal}`),
  );
  const giveUp = () => stop("was stopped");
  stopped.addEventListener("abort", giveUp, { once: true });
  if (stopped.aborted) giveUp();
  return promise.finally(() => {
    release();
    stopped.removeEventListener("abort", giveUp);
    child.stdout.destroy();
    child.stderr.destroy();
  });
}

const hints: Readonly<Record<string, string>> = {
  ENOEXEC: "; it was not made for this platform",
  ENOENT: "; the program that its first line names is not here",
  EACCES: "; perhaps the folder is mounted noexec",
};

function unstartable(code: string, cause?: unknown): PluginFailure {
  return new PluginFailure(
    "PLUGIN_ERROR",
    `could not be started (${code}${hints[code] ?? ""})`,
    { cause },
  );
}

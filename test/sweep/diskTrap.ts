import { appendFileSync, existsSync, readFileSync } from "node:fs";
import promises, { type FileHandle } from "node:fs/promises";

/** What a process is to suffer at which of its steps on the disk. Loaded by `--require`, before anything else. */
export interface Order {
  /** only what lies below counts */
  readonly directory: string;
  /** the number of the step, from one on */
  readonly at: number;
  /** to be killed there; or to find the disk full from there on */
  readonly how: "kill" | "full";
  /** where each step is written down, when it is */
  readonly journal?: string;
}

let step = 0;
let last: string | undefined;

/** The order of now; another one counts from the beginning. */
function order(): Order | undefined {
  const file = process.env["SWEEP_ORDER"] ?? "";
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (text !== last) step = 0;
  last = text;
  return text === undefined ? undefined : JSON.parse(text);
}

/** One step that changes the disk. Throws, or does not come back, where it is to fail. */
function count(what: string, path: unknown): void {
  const told = order();
  if (!told || !String(path).startsWith(told.directory)) return;
  step += 1;
  if (told.journal) appendFileSync(told.journal, `${what} ${String(path)}\n`);
  if (step < told.at) return;
  if (told.how === "kill") process.kill(process.pid, "SIGKILL");
  // what is on the disk can be removed when it is full
  if (told.how === "full" && what !== "remove") throw full(what);
}

function full(syscall: string): Error {
  const message = `ENOSPC: no space left on device, ${syscall}`;
  return Object.assign(new Error(message), {
    errno: -28,
    code: "ENOSPC",
    syscall,
  });
}

function trapHandle(handle: FileHandle, path: string): FileHandle {
  const { writeFile, write, sync } = handle;
  const begin = write.bind(handle) as (bytes: Uint8Array) => Promise<unknown>;
  /** in two steps, so that there is a file with half of it */
  const torn = async (bytes: Uint8Array) => {
    count("write", path);
    await begin(bytes.subarray(0, bytes.length / 2));
    count("write", path);
    await begin(bytes.subarray(bytes.length / 2));
  };
  return Object.assign(handle, {
    writeFile: async (
      content: string | Uint8Array | AsyncIterable<Uint8Array>,
    ) => {
      if (typeof content === "string") {
        count("write", path);
        return writeFile.call(handle, content);
      }
      if (content instanceof Uint8Array) return torn(content);
      for await (const chunk of content) await torn(chunk);
    },
    sync: () => {
      count("sync", path);
      return sync.call(handle);
    },
  });
}

const { open, rename, rm, unlink, mkdir } = promises;
Object.assign(promises, {
  open: async (path: string, flags: string | number, mode?: number) => {
    const isNew = typeof flags === "string" && flags.includes("w");
    if (isNew) count("create", path);
    return trapHandle(await open(path, flags, mode), path);
  },
  rename: (from: string, to: string) => {
    count("rename", to);
    return rename(from, to);
  },
  rm: (path: string, options?: object) => {
    count("remove", path);
    return rm(path, options);
  },
  unlink: (path: string) => {
    count("remove", path);
    return unlink(path);
  },
  mkdir: (path: string, options?: object) => {
    count("mkdir", path);
    return mkdir(path, options);
  },
});

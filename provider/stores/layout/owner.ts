import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { errnoOf } from "./place";

const ownerGrammar = /^(?<host>[A-Za-z0-9_]+)~(?<pid>[1-9][0-9]*)~/;
const dayMs = 24 * 60 * 60 * 1000;

/** Words that say which process something belongs to; `unique` tells its things apart. */
export function ownedBy(unique: string): string {
  return `${thisHost()}~${process.pid}~${unique}`;
}

/** The name of a file that is not finished yet. */
export function temporaryName(unique: string): string {
  return `.${ownedBy(unique)}.part`;
}

/** Whether the process of `ownedBy`'s words is known to be gone, known to live, or on another machine. */
export function fateOf(words: string): "dead" | "alive" | "elsewhere" {
  const { host, pid } = ownerGrammar.exec(words)?.groups ?? {};
  if (host !== thisHost()) return "elsewhere";
  try {
    process.kill(Number(pid), 0);
    return "alive";
  } catch (error) {
    return errnoOf(error) === "ESRCH" ? "dead" : "alive";
  }
}

/** Removes what runs have left in a directory that did not end; those of other machines after a day (F64). */
export async function sweep(directory: string, now: Date): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!/^\.[A-Za-z0-9_]+~[0-9]+~.*\.part$/.test(name)) continue;
    const fate = fateOf(name.slice(1));
    const path = join(directory, name);
    const isLeft =
      fate === "dead" || (fate === "elsewhere" && (await isOld(path, now)));
    if (isLeft) await rm(path, { force: true });
  }
}

async function isOld(path: string, now: Date): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    return now.getTime() - mtimeMs > dayMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

function thisHost(): string {
  return hostname().replaceAll(/[^A-Za-z0-9]/g, "_") || "_";
}

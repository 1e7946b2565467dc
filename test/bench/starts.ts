import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

/** Milliseconds of several starts, sorted. */
export type Starts = readonly number[];

const cacheWrittenMs = 1500; // the launcher writes the compile cache after a second

/** From spawn to the line with the port, one start after the other; a first one, which is not counted, fills the compile cache. */
export async function timeStarts(
  command: string,
  times: number,
): Promise<Starts> {
  await timeStart(command, [], cacheWrittenMs);
  const taken: number[] = [];
  for (let at = 0; at < times; at++) taken.push(await timeStart(command, []));
  return taken.sort((one, other) => one - other);
}

/** The same for a Node that does nothing but print a line. */
export async function timeBareNode(times: number): Promise<Starts> {
  const taken: number[] = [];
  const args = ["-e", "process.stdout.write('1\\n')"];
  for (let at = 0; at < times; at++)
    taken.push(await timeStart(process.execPath, args));
  return taken.sort((one, other) => one - other);
}

async function timeStart(
  command: string,
  args: readonly string[],
  stayMs = 0,
): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  const elapsed = performance.now() - began;
  await setTimeout(stayMs);
  child.kill("SIGKILL");
  await exited;
  return elapsed;
}

export function medianOf(starts: Starts): number {
  return starts[Math.floor(starts.length / 2)] ?? Number.NaN;
}

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Command } from "./copying";

/** What a tool did, and what it cost. */
export interface Measured {
  /** `undefined` where it was stopped after `timeoutMs` */
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** as far as it could be seen every few milliseconds */
  readonly peakMebibytes: number;
}

const lookEveryMs = 5;
const keptBytes = 64 * 1024;
const withTimes = '"$@"; code=$?; times >&3; exit $code';

/** Runs a command to its end, and counts its whole process's time by the shell that waited for it. */
export function runMeasured(
  { words, env }: Command,
  timeoutMs: number,
): Promise<Measured> {
  const began = performance.now();
  const child = spawn("bash", ["-c", withTimes, "peer", ...words], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const { log, times } = listen(child);
  let peakKibibytes = 0;
  const looking = setInterval(() => {
    peakKibibytes = Math.max(peakKibibytes, peakOf(childOf(child.pid)));
  }, lookEveryMs);
  let isStopped = false;
  const watchdog = setTimeout(() => {
    isStopped = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, timeoutMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(looking);
      clearTimeout(watchdog);
      resolve({
        exitCode: isStopped || code === null ? undefined : code,
        output: log(),
        wallSeconds: (performance.now() - began) / 1000,
        cpuSeconds: childSeconds(times()),
        peakMebibytes: peakKibibytes / 1024,
      });
    });
  });
}

function listen(child: ChildProcess): {
  readonly log: () => string;
  readonly times: () => string;
} {
  const heard = { log: "", times: "" };
  const keep = (chunk: Buffer) => {
    heard.log = (heard.log + chunk.toString()).slice(-keptBytes);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    heard.times += chunk.toString();
  });
  return { log: () => heard.log, times: () => heard.times };
}

/** User and system seconds of the children, from the second line of `times`: `0m0.012s 0m0.004s`. */
function childSeconds(times: string): number {
  const found = times.split("\n")[1]?.matchAll(/(\d+)m([\d.]+)s/g) ?? [];
  return [...found].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

function childOf(shell: number | undefined): string | undefined {
  try {
    const children = `/proc/${shell}/task/${shell}/children`;
    return readFileSync(children, "utf8").trim().split(" ")[0];
  } catch {
    return undefined;
  }
}

function peakOf(pid: string | undefined): number {
  if (!pid) return 0;
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0; // it has ended meanwhile
  }
}

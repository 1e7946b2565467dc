import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What one command of the CLI came to. */
export interface Outcome {
  readonly exitCode: number;
  /** stdout and stderr, as they came */
  readonly text: string;
  readonly elapsedMs: number;
}

/** One command that is under way. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** ^C, as a terminal sends it */
  interrupt(): void;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The path of `pulumi`, where it is on the PATH. */
export function findPulumi(): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "pulumi"))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Starts a command in a process group of its own, without a terminal. */
export function start(
  command: string,
  args: readonly string[],
  { cwd, env }: CommandOptions,
): Running {
  const began = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const elapsedMs = performance.now() - began;
      resolve({ exitCode: code ?? -1, text, elapsedMs });
    });
  });
  return { outcome, interrupt: () => void child.kill("SIGINT") };
}

import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Stack } from "../lifecycle/harness";

/** What one command came to. */
export interface Outcome {
  readonly exitCode: number;
  readonly text: string;
}

/** Something that can preview and update the quickstart's stack. */
export interface Runner {
  readonly name: string;
  preview(): Promise<Outcome>;
  up(): Promise<Outcome>;
}

/** The Pulumi CLI where there is one, else the small engine of the tests. */
export async function findRunner(
  stack: Stack,
  config: string,
): Promise<Runner> {
  const cli = onPath("pulumi");
  if (cli !== undefined) return pulumi(cli, stack, config);
  return {
    name: "the small engine of this repository (test/engine), because no `pulumi` is on the PATH",
    preview: () => stack.engine.preview(),
    up: () => stack.engine.up(),
  };
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const project = `name: quickstart
runtime: nodejs
main: index.js
plugins:
  providers:
    - name: artifact-mirror
      path: node_modules/pulumi-artifact-mirror/plugin
`;

async function pulumi(
  cli: string,
  stack: Stack,
  registries: string,
): Promise<Runner> {
  const { projectDir } = stack;
  const backend = join(projectDir, "state");
  mkdirSync(backend);
  writeFileSync(join(projectDir, "Pulumi.yaml"), project);
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "quickstart",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = (...args: string[]): Promise<Outcome> => {
    const quiet = ["--non-interactive", "--color", "never"];
    const child = spawn(cli, [...args, ...quiet], { cwd: projectDir, env });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ exitCode: code ?? 1, text }));
    });
  };
  const version = await run("version");
  await run("stack", "init", "dev");
  await run("config", "set", "artifact-mirror:registries", registries);
  return {
    name: `the Pulumi CLI ${version.text.trim()}`,
    preview: () => run("preview", "--diff"),
    up: () => run("up", "--yes", "--skip-preview", "--diff"),
  };
}

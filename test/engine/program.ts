import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface ProgramOptions {
  readonly projectDir: string;
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretConfig: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a program ended. `signal` kills it when nothing it does matters any more. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Finds a file of the project's own `@pulumi/pulumi`. */
export function resolvePulumi(projectDir: string, file: string): string {
  const require = createRequire(join(projectDir, "index.js"));
  return require.resolve(`@pulumi/pulumi/${file}`);
}

/** Runs a program in the way the language host for Node.js does. */
export function runProgram(
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<Ended> {
  const { projectDir, project, stack, preview, config, secretConfig } = options;
  const flags = {
    monitor: options.monitorAddress,
    engine: options.engineAddress,
    organization: "organization",
    project,
    stack,
    "root-directory": projectDir,
    pwd: projectDir,
    parallel: String(options.parallel),
  };
  const args = [
    resolvePulumi(projectDir, "cmd/run"),
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...(preview ? ["--dry-run"] : []),
    options.main,
  ];
  const child = spawn(process.execPath, args, {
    cwd: projectDir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      // the language host's default; a program in JavaScript starts faster without
      PULUMI_NODEJS_TYPESCRIPT: String(!options.main.endsWith(".js")),
      ...options.env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretConfig),
    },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      signal.removeEventListener("abort", kill);
      resolve({ exitCode, output });
    });
  });
}

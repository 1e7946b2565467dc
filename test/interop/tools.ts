import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

/** A real tool that we compile from the Go module proxy. */
export interface GoTool {
  readonly binary: string;
  readonly module: string;
  readonly version: string;
}

export const distribution: GoTool = {
  binary: "registry",
  module: "github.com/distribution/distribution/v3/cmd/registry",
  version: "v3.1.2",
};

export const cosign: GoTool = {
  binary: "cosign",
  module: "github.com/sigstore/cosign/v3/cmd/cosign",
  version: "v3.1.3",
};

const longestMs = 20 * 60 * 1000;
const folder = resolve(__dirname, "../../.tools/go/bin");

/** The path of `go`, `undefined` where there is none. */
function findGo(): string | undefined {
  const places = ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go"];
  return places.find((one) => spawnSync(one, ["version"]).status === 0);
}

/** `describe`, or without Go a skip that says so in one clear line. */
export function describeWithGo(name: string, tests: () => void): void {
  if (findGo() !== undefined) {
    describe(name, tests);
    return;
  }
  process.stderr.write(`interop: skipped "${name}": no go was found\n`);
  describe.skip(`${name} (skipped: no go was found)`, tests);
}

/** Compiles a tool unless this version is there already, which takes minutes, and answers its path. Throws where it cannot be had. */
export function install(tool: GoTool): string {
  const path = join(folder, tool.binary);
  const stamp = join(folder, `.${tool.binary}-${tool.version}`);
  const isThere = () => existsSync(path) && existsSync(stamp);
  mkdirSync(folder, { recursive: true });
  if (isThere()) return path;
  alone(() => {
    if (isThere()) return;
    compile(tool);
    writeFileSync(stamp, "");
  });
  return path;
}

function compile(tool: GoTool): void {
  const go = findGo();
  if (go === undefined) throw new Error("no go was found");
  process.stderr.write(`interop: compiling ${tool.binary} ${tool.version}\n`);
  execFileSync(
    go,
    ["install", "-ldflags", "-s -w", `${tool.module}@${tool.version}`],
    {
      env: {
        ...process.env,
        CGO_ENABLED: "0",
        GOBIN: folder,
        GOFLAGS: "-modcacherw",
      },
      stdio: ["ignore", "ignore", "inherit"],
      timeout: longestMs,
    },
  );
}

/** Test files run side by side, and a compiler needs all processors. */
function alone(work: () => void): void {
  const lock = join(folder, ".lock");
  while (!taken(lock)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (!existsSync(lock)) throw error;
    const age = Date.now() - statSync(lock).mtimeMs;
    if (age > longestMs) rmSync(lock, { recursive: true, force: true }); // left by a run that was killed
    return false;
  }
}

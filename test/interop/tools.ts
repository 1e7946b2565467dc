import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
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

/** The last that compiles with Go 1.26. */
export const rekorTiles: GoTool = {
  binary: "posix",
  module: "github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix",
  version: "v2.3.0",
};

export const timestampServer: GoTool = {
  binary: "timestamp-server",
  module: "github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server",
  version: "v2.1.2",
};

/** A program of ours under `go/`, on libraries of the tool that it stands for. */
export interface GoProgram {
  readonly binary: string;
  readonly source: string;
}

export const notation: GoProgram = {
  binary: "notation",
  source: resolve(__dirname, "go/notation"),
};

const longestMs = 20 * 60 * 1000;
const folder = resolve(".tools/go/bin"); // of the clone in which make runs

/** The path of `go`, `undefined` where there is none. */
export function findGo(): string | undefined {
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
  const { binary, module, version } = tool;
  return compiled({
    binary,
    version,
    arguments: ["install", ...leanly, `${module}@${version}`],
  });
}

/** Compiles a program of ours unless it is there already, and answers its path. */
export function build({ binary, source }: GoProgram): string {
  return compiled({
    binary,
    version: digestOf(source),
    arguments: ["build", "-C", source, ...leanly, "-o", folder],
  });
}

interface Compiling {
  readonly binary: string;
  readonly version: string;
  readonly arguments: readonly string[];
}

const leanly = ["-ldflags", "-s -w"];

function compiled({ binary, version, arguments: words }: Compiling): string {
  const path = join(folder, binary);
  const stamp = join(folder, `.${binary}-${version}`);
  const isThere = () => existsSync(path) && existsSync(stamp);
  mkdirSync(folder, { recursive: true });
  if (isThere()) return path;
  alone(() => {
    if (isThere()) return;
    process.stderr.write(`interop: compiling ${binary} ${version}\n`);
    compile(words);
    writeFileSync(stamp, "");
  });
  return path;
}

function compile(words: readonly string[]): void {
  const go = findGo();
  if (go === undefined) throw new Error("no go was found");
  execFileSync(go, words, {
    env: {
      ...process.env,
      CGO_ENABLED: "0",
      GOBIN: folder,
      GOFLAGS: "-modcacherw",
    },
    stdio: ["ignore", "ignore", "inherit"],
    timeout: longestMs,
  });
}

function digestOf(source: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(source).sort()) {
    hash.update(name).update(readFileSync(join(source, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Test files run side by side, and a compiler needs all processors. */
export function alone(work: () => void): void {
  mkdirSync(folder, { recursive: true });
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

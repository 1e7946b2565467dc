import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
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

const folder = resolve(__dirname, "../../.tools/go/bin");

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
  const path = join(folder, tool.binary);
  const stamp = join(folder, `.${tool.binary}-${tool.version}`);
  if (existsSync(path) && existsSync(stamp)) return path;
  mkdirSync(folder, { recursive: true });
  const go = findGo();
  if (go === undefined) throw new Error("no go was found");
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
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 20 * 60 * 1000,
    },
  );
  writeFileSync(stamp, "");
  return path;
}

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cosign, install } from "./tools";

/** What a run of cosign left. */
export interface CosignRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A cosign that can talk to loopback alone. */
export interface Cosign {
  /** the folder of its keys and files */
  readonly folder: string;
  /** connections that it tried to make to anywhere else */
  readonly strays: () => number;
  /** Writes a file into its folder and answers its path. */
  file(name: string, content: string | Uint8Array): string;
  /** The text of a file in its folder. */
  read(name: string): string;
  /** Runs and throws where cosign fails. */
  run(...args: readonly string[]): Promise<CosignRun>;
  /** Runs and answers whatever comes of it. */
  tried(...args: readonly string[]): Promise<CosignRun>;
  close(): Promise<void>;
}

/** Prepares a cosign with a home of its own. Go never takes a proxy for loopback: whatever else it asks for meets ours, which hangs up. */
export async function startCosign(): Promise<Cosign> {
  const binary = install(cosign);
  const folder = mkdtempSync(join(tmpdir(), "cosign-"));
  let strays = 0;
  const proxy = createServer((socket) => {
    strays += 1;
    socket.on("error", () => undefined);
    socket.destroy();
  });
  const address = `http://127.0.0.1:${await listen(proxy)}`;
  const env = {
    HOME: folder,
    PATH: "/usr/bin:/bin",
    DOCKER_CONFIG: folder,
    TUF_ROOT: join(folder, "tuf"),
    SIGSTORE_NO_CACHE: "1",
    COSIGN_PASSWORD: "",
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
    ALL_PROXY: address,
  };
  const tried = (...args: readonly string[]) =>
    new Promise<CosignRun>((resolve) => {
      const options = { env, cwd: folder, timeout: 60_000 };
      execFile(binary, args, options, (error, stdout, stderr) => {
        const code = error ? Number(error.code ?? 1) || 1 : 0;
        resolve({ code, stdout, stderr });
      });
    });
  return {
    folder,
    strays: () => strays,
    tried,
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    async run(...args) {
      const done = await tried(...args);
      if (done.code === 0) return done;
      throw new Error(`cosign ${args.join(" ")}: ${done.stderr}`);
    },
    close: async () => {
      await new Promise((done) => proxy.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address !== null && typeof address !== "string")
        resolve(address.port);
      else reject(new Error("the proxy has no port"));
    });
  });
}

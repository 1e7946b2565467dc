import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { distribution, install } from "./tools";

/** A real registry in a process of its own. */
export interface RunningDistribution {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts distribution on a free port of 127.0.0.1, with everything in its memory. */
export async function startDistribution(): Promise<RunningDistribution> {
  const binary = install(distribution);
  const folder = mkdtempSync(join(tmpdir(), "distribution-"));
  const config = {
    version: "0.1",
    log: { level: "info", formatter: "json", accesslog: { disabled: true } },
    storage: { inmemory: {}, delete: { enabled: true } },
    http: { addr: "127.0.0.1:0", secret: "only for tests" },
  };
  const file = join(folder, "config.yml");
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML
  const process = spawn(binary, ["serve", file], {
    env: { OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const host = await listeningAt(process);
  return {
    host,
    origin: `http://${host}`,
    close: async () => {
      const ended = new Promise((done) => process.once("exit", done));
      process.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listeningAt(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = "";
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      const match = /listening on (127\.0\.0\.1:\d+)/.exec(log);
      if (match?.[1]) resolve(match[1]);
    };
    process.stdout?.on("data", read);
    process.stderr?.on("data", read);
    process.once("error", reject);
    process.once("exit", (code) => {
      reject(new Error(`distribution ended with ${code}: ${log}`));
    });
  });
}

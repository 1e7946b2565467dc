import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real server in a process of its own. */
export interface Service {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

/** How a server is started. */
export interface ServiceStart {
  readonly binary: string;
  /** files of its folder by their name */
  readonly files: Readonly<Record<string, string>>;
  /** how many ports of 127.0.0.1 it wants; the first is its origin */
  readonly ports: number;
  /** what it answers with anything below 500 once it is ready */
  readonly ready: string;
  arguments(folder: string, ports: readonly number[]): readonly string[];
}

/** Starts a server in a folder of its own, and waits until it answers. */
export async function startService(start: ServiceStart): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), "service-"));
  for (const [name, content] of Object.entries(start.files)) {
    writeFileSync(join(folder, name), content);
  }
  const ports = await freePorts(start.ports);
  const origin = `http://127.0.0.1:${ports[0]}`;
  const process = spawn(start.binary, start.arguments(folder, ports), {
    env: { HOME: folder },
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await answering(process, `${origin}${start.ready}`);
  return {
    origin,
    close: async () => {
      const ended = new Promise((done) => process.once("exit", done));
      process.kill("SIGKILL"); // a grave end: nothing of it is kept
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (address !== null && typeof address !== "string")
      ports.push(address.port);
  }
  for (const server of servers) {
    await new Promise((done) => server.close(done));
  }
  return ports;
}

async function answering(process: ChildProcess, url: string): Promise<void> {
  let log = "";
  process.stderr?.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (process.exitCode !== null) {
      throw new Error(`${url}: ended with ${process.exitCode}: ${log}`);
    }
    if ((await statusOf(url)) < 500) return;
    await new Promise((done) => setTimeout(done, 50)); // no event says that another process listens
  }
  process.kill("SIGKILL");
  throw new Error(`${url}: does not answer: ${log}`);
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      response.resume();
      resolve(response.statusCode ?? 599);
    });
    request.on("error", () => resolve(599));
  });
}

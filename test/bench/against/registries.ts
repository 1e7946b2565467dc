import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { distribution, install } from "../../interop/tools";
import { selfSigned } from "../../registry/certificate";
import { delayed, type DelayedPort } from "./delay";

/** One storage, served over HTTP and over HTTPS by real registries that count. */
export interface BenchRegistry {
  /** `127.0.0.1:PORT`, at once or after the delay */
  host(way: BenchWay): string;
  /** what was answered since the last time */
  takeTraffic(): Traffic;
  /** seconds of processor time of its processes so far */
  cpuSeconds(): number;
  /** Forgets all content. */
  wipe(): void;
  end(): void;
}

/** What a registry's own access log says. */
export interface Traffic {
  /** requests, refused ones too */
  readonly requests: number;
  /** bytes of the answers to GET */
  readonly bytesRead: number;
}

/** How a registry is reached. */
export interface BenchWay {
  readonly tls: boolean;
  /** the round trip that is played, in milliseconds */
  readonly rttMs: 0 | 20;
}

/** The certificate of all registries of this run. */
export interface Trust {
  readonly caFile: string;
  readonly caPem: string;
}

const memory = "/dev/shm";

/** Starts distribution twice on one storage, in memory where the system has a place for that. */
export async function startBenchRegistry(
  certificate: ReturnType<typeof selfSigned>,
): Promise<BenchRegistry> {
  const folder = mkdtempSync(
    join(existsSync(memory) ? memory : tmpdir(), "bench-registry-"),
  );
  const files = { key: join(folder, "key"), certificate: join(folder, "cert") };
  writeFileSync(files.key, certificate.key);
  writeFileSync(files.certificate, certificate.certificate);
  const storage = join(folder, "storage");
  const plain = await serve(folder, { storage });
  const tls = await serve(folder, { storage, ...files });
  const far = [await delayed(plain.port, 20), await delayed(tls.port, 20)];
  const [farPlain, farTls] = far;
  const portOf = (way: BenchWay): number => {
    if (way.rttMs === 0) return way.tls ? tls.port : plain.port;
    return (way.tls ? farTls : farPlain)?.port ?? 0;
  };
  return {
    host: (way) => `127.0.0.1:${portOf(way)}`,
    takeTraffic: () => added(plain.takeTraffic(), tls.takeTraffic()),
    cpuSeconds: () => cpuOf(plain.process) + cpuOf(tls.process),
    wipe: () => rmSync(storage, { recursive: true, force: true }),
    end: () => {
      for (const one of [plain.process, tls.process]) one.kill("SIGKILL");
      far.forEach((one: DelayedPort) => one.close());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate, and the file that tools are to trust. */
export function makeTrust(): {
  readonly trust: Trust;
  readonly certificate: ReturnType<typeof selfSigned>;
  end(): void;
} {
  const certificate = selfSigned();
  const folder = mkdtempSync(join(tmpdir(), "bench-trust-"));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, certificate.certificate);
  const trust = { caFile, caPem: certificate.certificate };
  const end = () => rmSync(folder, { recursive: true, force: true });
  return { trust, certificate, end };
}

interface Served {
  readonly process: ChildProcess;
  readonly port: number;
  takeTraffic(): Traffic;
}

function serve(
  folder: string,
  options: {
    readonly storage: string;
    readonly key?: string;
    readonly certificate?: string;
  },
): Promise<Served> {
  const { storage, key, certificate } = options;
  const tls = key === undefined ? {} : { tls: { certificate, key } };
  const config = {
    version: "0.1",
    log: { level: "info", formatter: "json", accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: storage, maxthreads: 100 },
      delete: { enabled: true },
    },
    http: { addr: "127.0.0.1:0", secret: "only for tests", ...tls },
  };
  const file = join(folder, key === undefined ? "plain.yml" : "tls.yml");
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML
  const child = spawn(install(distribution), ["serve", file], {
    env: { OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return counted(child);
}

const none: Traffic = { requests: 0, bytesRead: 0 };

/** Reads the access log as it comes: `… "GET /v2/… HTTP/1.1" 200 1234 …`. */
function counted(child: ChildProcess): Promise<Served> {
  let traffic = none;
  let rest = "";
  return new Promise((resolve, reject) => {
    const takeTraffic = () => {
      const taken = traffic;
      traffic = none;
      return taken;
    };
    const read = (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        traffic = added(traffic, trafficOf(line));
        const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port) resolve({ process: child, port: Number(port), takeTraffic });
      }
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`registry ended: ${code}`)));
  });
}

function trafficOf(line: string): Traffic {
  const found = /"([A-Z]+) \/v2\S* HTTP\/[\d.]+\\?" \d+ (\d+)/.exec(line);
  if (found === null) return none;
  return { requests: 1, bytesRead: found[1] === "GET" ? Number(found[2]) : 0 };
}

function added(one: Traffic, other: Traffic): Traffic {
  return {
    requests: one.requests + other.requests,
    bytesRead: one.bytesRead + other.bytesRead,
  };
}

const ticksPerSecond = 100; // USER_HZ of every Linux that Node runs on

function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

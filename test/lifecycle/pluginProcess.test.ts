import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  GetSchemaRequest,
  type GetSchemaResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "../../package.json";
import { ask, connect } from "../unit/hosts/pluginClient";
import { stagedPlugin } from "./stage";
import { until } from "./until";

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  /** everything on stdout so far */
  printed(): string;
}

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

async function start(): Promise<Started> {
  const started = spawn(stagedPlugin(), ["127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  let text = "";
  started.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes("\n")) await once(started.stdout, "data");
  return { child: started, port: Number(text), printed: () => text };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "the port is the only line on stdout, and %s ends the plugin at once",
  async (signal) => {
    const { child: started, port, printed } = await start();
    expect(port).toBeGreaterThan(0);
    const before = Date.now();
    started.kill(signal);
    const [code] = await once(started, "exit");
    expect(code).toBe(0);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(printed()).toBe(`${port}\n`);
  },
);

test("the plugin's version is the package's, and its schema is schema.json", async () => {
  const { port, printed } = await start();
  const client = connect(port);
  try {
    const about = await ask<Empty, PluginInfo>(
      client.getPluginInfo.bind(client),
      new Empty(),
    );
    expect(about.getVersion()).toBe(version);
    const answer = await ask<GetSchemaRequest, GetSchemaResponse>(
      client.getSchema.bind(client),
      new GetSchemaRequest(),
    );
    const written: unknown = JSON.parse(readFileSync("schema.json", "utf8"));
    expect(JSON.parse(answer.getSchema())).toEqual(written);
    expect(printed()).toBe(`${port}\n`);
  } finally {
    client.close();
  }
});

/** A parent that starts the plugin as the engine does, says its process id, and waits. */
const parentProgram = `
const { spawn } = require("node:child_process");
const plugin = spawn(process.argv[1], ["127.0.0.1:1"], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
plugin.stdout.once("data", () => process.stdout.write(plugin.pid + "\\n"));
setInterval(() => {}, 1000);
`;

test("a plugin whose engine was killed ends by itself", async () => {
  const parent = spawn(
    process.execPath,
    ["-e", parentProgram, stagedPlugin()],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  child = parent;
  const [chunk] = await once(parent.stdout, "data");
  const pid = Number(chunk);
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await until(() => !isAlive(pid));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

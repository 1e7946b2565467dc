import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess, type PluginProcess } from "../engine/pluginProcess";
import { Journal } from "../engine/report";
import { serveEngine } from "../engine/servers";
import { toProperties, type Properties } from "../engine/values";

/** What a process has cost so far; `undefined` where the system does not say. */
export interface Cost {
  readonly cpuSeconds: number | undefined;
  readonly peakMebibytes: number | undefined;
}

/** What a program declares. */
export interface Declared {
  readonly name: string;
  readonly inputs: Properties;
}

/** One resource as an engine remembers it. */
export interface Mirrored extends Declared {
  readonly id: string;
  readonly outputs: Properties;
}

/** The real plugin in a process of its own, spoken to as an engine does. */
export interface PluginUnderMeasure {
  /** Check and Create, as `up` does. */
  create(declared: Declared): Promise<Mirrored>;
  /** Check and Update, as `up` does. */
  update(before: Mirrored, declared: Declared): Promise<Mirrored>;
  /** Read, Check and Diff, as a preview does where nothing changed; answers whether nothing did. */
  isSame(mirrored: Mirrored): Promise<boolean>;
  cost(): Cost;
  end(): Promise<void>;
}

const type = "artifact-mirror:index:MirroredArtifact";

function identity(name: string): Properties {
  return { urn: `urn:pulumi:bench::bench::${type}::${name}`, name, type };
}

/** Starts the executable, and configures it to reach these hosts over plain HTTP. */
export async function startMeasured(
  executable: string,
  config: Properties,
): Promise<PluginUnderMeasure> {
  const home = mkdtempSync(join(tmpdir(), "measured-"));
  const journal = new Journal();
  const engine = await serveEngine(journal, () => undefined);
  const env = { PATH: process.env["PATH"], HOME: home, DOCKER_CONFIG: home };
  const plugin = await startProcess(
    { command: executable, args: [], cwd: home, env },
    { plugin: "artifact-mirror", instance: 1, journal },
  );
  await plugin.call("Handshake", {
    engineAddress: engine.address,
    supportsRefreshBeforeUpdate: true,
  });
  await plugin.call("Configure", {
    args: config,
    acceptSecrets: true,
    sendsOldInputs: true,
    sendsOldInputsToDelete: true,
  });
  return {
    create: (declared) => create(plugin, declared),
    update: (before, declared) => update(plugin, before, declared),
    isSame: (mirrored) => isSame(plugin, mirrored),
    cost: () => costOf(plugin.pid),
    end: async () => {
      await plugin.end();
      engine.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function check(
  plugin: PluginProcess,
  name: string,
  values: { readonly olds: Properties; readonly news: Properties },
): Promise<Properties> {
  const randomSeed = Buffer.alloc(32, 7).toString("base64");
  const request = { ...identity(name), ...values, randomSeed };
  const { inputs, failures } = await plugin.call("Check", request);
  if (failures !== undefined) throw new Error(JSON.stringify(failures));
  return toProperties(inputs);
}

async function create(
  plugin: PluginProcess,
  { name, inputs: news }: Declared,
): Promise<Mirrored> {
  const inputs = await check(plugin, name, { olds: {}, news });
  const made = await plugin.call("Create", {
    ...identity(name),
    properties: inputs,
  });
  const outputs = toProperties(made["properties"]);
  return { name, inputs, id: String(made["id"]), outputs };
}

async function update(
  plugin: PluginProcess,
  before: Mirrored,
  { name, inputs: news }: Declared,
): Promise<Mirrored> {
  const { digest: _, ...olds } = before.inputs;
  const inputs = await check(plugin, name, { olds, news });
  const made = await plugin.call("Update", {
    ...identity(name),
    id: before.id,
    olds: before.outputs,
    oldInputs: before.inputs,
    news: inputs,
  });
  const outputs = toProperties(made["properties"]);
  return { name, inputs, id: before.id, outputs };
}

async function isSame(
  plugin: PluginProcess,
  { name, id, inputs: before, outputs }: Mirrored,
): Promise<boolean> {
  const read = await plugin.call("Read", {
    ...identity(name),
    id,
    inputs: before,
    properties: outputs,
  });
  const { digest: _, ...news } = before;
  const inputs = await check(plugin, name, { olds: before, news });
  const { changes } = await plugin.call("Diff", {
    ...identity(name),
    id,
    olds: toProperties(read["properties"]),
    oldInputs: toProperties(read["inputs"]),
    news: inputs,
  });
  return changes === "DIFF_NONE";
}

const ticksPerSecond = 100; // USER_HZ of every Linux that Node runs on

/** CPU time and peak resident memory of a process, by Linux's accounting. */
export function costOf(pid: number | undefined): Cost {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return {
      cpuSeconds: ticks / ticksPerSecond,
      peakMebibytes: peak === undefined ? undefined : Number(peak) / 1024,
    };
  } catch {
    return { cpuSeconds: undefined, peakMebibytes: undefined };
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startProcess, type PluginProcess } from "../engine/pluginProcess";
import { Journal } from "../engine/report";
import { serveEngine } from "../engine/servers";
import { toProperties, type Properties } from "../engine/values";

/** One mirrored artifact as a program declares it. */
export interface Wish {
  readonly source: string;
  readonly destination: string;
  readonly policy: object;
}

/** A registry and the only user it knows. */
export interface Known {
  readonly host: string;
  readonly user: string;
}

/** The real plugin in a process of its own, spoken to as the engine does. */
export interface Plugin {
  readonly pid: number;
  /** where a trap that was loaded with it finds its orders */
  readonly orderFile: string;
  /** begins anew: nothing that was learnt before is remembered */
  configure(known: readonly Known[]): Promise<void>;
  /** Check and Create, as `up` does; answers the outputs. */
  create(wish: Wish): Promise<Properties>;
  /** what the engine sends at ^C */
  cancel(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** resolves when the process is no more */
  readonly gone: Promise<void>;
  end(): Promise<void>;
}

const type = "artifact-mirror:index:MirroredArtifact";
const urn = `urn:pulumi:sweep::sweep::${type}::app`;
const identity = { urn, name: "app", type };

/** Starts the executable. */
export async function startPlugin(
  executable: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Plugin> {
  const home = mkdtempSync(join(tmpdir(), "swept-"));
  const journal = new Journal();
  const engine = await serveEngine(journal, () => undefined);
  const orderFile = join(home, "order.json");
  const plugin = await startProcess(
    {
      command: executable,
      args: [],
      cwd: home,
      env: {
        PATH: process.env["PATH"],
        HOME: home,
        DOCKER_CONFIG: home,
        // whoever is killed young never writes one of its own
        NODE_COMPILE_CACHE: resolve("dist", "stage", "cache"),
        SWEEP_ORDER: orderFile,
        ...environment,
      },
    },
    { plugin: "artifact-mirror", instance: 1, journal },
  );
  const { pid } = plugin;
  if (pid === undefined) throw new Error("the plugin has no process");
  await plugin.call("Handshake", {
    engineAddress: engine.address,
    supportsRefreshBeforeUpdate: true,
  });
  const signal = (name: NodeJS.Signals) => void process.kill(pid, name);
  return {
    pid,
    orderFile,
    configure: (known) => configure(plugin, known),
    create: (wish) => create(plugin, wish),
    cancel: async () => void (await plugin.call("Cancel", {})),
    signal,
    gone: plugin.exited,
    end: async () => {
      await plugin.end();
      engine.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function configure(
  plugin: PluginProcess,
  known: readonly Known[],
): Promise<void> {
  const args = {
    registries: known.map(({ host }) => ({ host, plainHttp: true })),
    credentials: known.map(({ host, user }) => ({
      registry: host,
      username: user,
      password: `${user}-secret`,
    })),
  };
  await plugin.call("Configure", {
    args,
    acceptSecrets: true,
    sendsOldInputs: true,
    sendsOldInputsToDelete: true,
  });
}

async function create(plugin: PluginProcess, wish: Wish): Promise<Properties> {
  const checked = await plugin.call("Check", {
    ...identity,
    olds: {},
    news: toProperties({ ...wish }),
    randomSeed: Buffer.alloc(32, 7).toString("base64"),
  });
  if (checked["failures"] !== undefined)
    throw new Error(JSON.stringify(checked["failures"]));
  const properties = toProperties(checked["inputs"]);
  const made = await plugin.call("Create", { ...identity, properties });
  return toProperties(made["properties"]);
}

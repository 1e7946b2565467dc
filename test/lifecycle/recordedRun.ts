import { type Listening, serveEngine } from "../engine/servers";
import { isMethod, type Method } from "../engine/methods";
import {
  ProviderError,
  startProcess,
  type PluginProcess,
} from "../engine/pluginProcess";
import { recordedCalls, type RecordedCall } from "../engine/recording";
import { Journal } from "../engine/report";
import { toProperties, type Properties } from "../engine/values";
import { RealWorld, recordedWorld } from "./recordedWorld";
import { stagedPlugin } from "./stage";

/** One recorded request in our words, and what our plugin answered. */
export interface Answered {
  readonly method: Method;
  readonly instance: number;
  readonly name: string;
  readonly request: Properties;
  readonly response: Properties;
  readonly error: ProviderError | undefined;
}

export interface RecordedRun {
  readonly world: RealWorld;
  readonly answers: readonly Answered[];
  /** everything the engine was told */
  readonly log: readonly string[];
  /** what the run wrote to the destination */
  readonly written: readonly string[];
}

/** What a test does besides. */
export interface Meddling {
  /** when everything is in place */
  readonly before?: (world: RealWorld) => void;
  /** while a call is in flight */
  readonly during?: (method: Method, process: PluginProcess) => Promise<void>;
}

interface Known {
  readonly inputs: Properties;
  readonly state: Properties;
}

/** Sends the requests of a recorded run to real plugin processes, in the recorded order. What a request repeats of an answer, it repeats of ours. */
export async function recordedRun(
  scenario: string,
  { before, during }: Meddling = {},
): Promise<RecordedRun & { close(): Promise<void> }> {
  const world = await RealWorld.open();
  const driver = await Driver.start(world);
  const calls = recordedCalls(scenario).filter(({ to }) => to === "provider");
  const described = recordedWorld(scenario);
  await driver.prepare(calls);
  await world.offer(described);
  await world.arrange(described.dest);
  before?.(world);
  const from = world.destination.requests.length;
  for (const call of calls) await driver.send(call, during);
  return {
    world,
    answers: driver.answers,
    log: driver.journal.diagnostics.map(({ message }) => message),
    written: world.written(from),
    close: async () => {
      await driver.end();
      await world.close();
    },
  };
}

/** Addresses of services that nobody serves here. */
const unsent = new Set([
  "mapperTarget",
  "loaderTarget",
  "resolverTarget",
  "resourceStatusAddress",
  "resourceStatusToken",
  "supportsViews",
  "randomSeed",
]);

class Driver {
  readonly answers: Answered[] = [];
  private readonly processes = new Map<number, PluginProcess>();
  /** by URN: what state holds, and what the last Check of this run answered */
  private readonly saved = new Map<string, Known>();
  private readonly checked = new Map<string, Properties>();

  private constructor(
    private readonly world: RealWorld,
    private readonly engine: Listening,
    readonly journal: Journal,
  ) {}

  static async start(world: RealWorld): Promise<Driver> {
    const journal = new Journal();
    const engine = await serveEngine(journal, () => undefined);
    return new Driver(world, engine, journal);
  }

  /** Mirrors what state says was mirrored before the run. */
  async prepare(calls: readonly RecordedCall[]): Promise<void> {
    for (const { method, request } of calls) {
      const before = toProperties(request["properties"] ?? {});
      const isState = method === "Read" && before["ref"] !== undefined;
      if (!isState) continue;
      const source = String(before["source"]);
      const digest = String(before["digest"]);
      await this.world.offer({ source: { [source]: digest }, verdict: {} });
      const urn = String(request["urn"]);
      const inputs = this.world.inputs(toProperties(request["inputs"]));
      const { digest: _, ...declared } = inputs;
      const process = await this.configured(0);
      const common = {
        urn,
        type: String(request["type"]),
        name: String(request["name"]),
      };
      const check = { ...common, olds: {}, news: declared };
      const checked = await process.call("Check", check);
      expect(checked["failures"] ?? []).toEqual([]);
      const properties = toProperties(checked["inputs"]);
      const made = await process.call("Create", { ...common, properties });
      const state = toProperties(made["properties"]);
      this.saved.set(urn, { inputs: properties, state });
    }
  }

  async send(call: RecordedCall, during: Meddling["during"]): Promise<void> {
    const { method, instance } = call;
    if (!isMethod(method) || method === "Cancel") return;
    const process = await this.started(instance);
    const request = this.translated(method, call.request);
    const answering = process.call(method, request).then(
      (response) => ({ response, error: undefined }),
      (error: unknown) => {
        if (!(error instanceof ProviderError)) throw error;
        return { response: {}, error };
      },
    );
    await during?.(method, process);
    const answered = await answering;
    const name = String(request["name"] ?? "");
    this.answers.push({ method, instance, name, request, ...answered });
    this.learn(method, request, answered.response);
  }

  private learn(
    method: Method,
    { urn }: Properties,
    response: Properties,
  ): void {
    const key = String(urn);
    if (method === "Check") {
      this.checked.set(key, toProperties(response["inputs"] ?? {}));
    }
    if (method === "Read" && response["properties"] !== undefined) {
      const inputs = toProperties(response["inputs"] ?? {});
      const state = toProperties(response["properties"]);
      this.saved.set(key, { inputs, state });
    }
  }

  private translated(method: Method, recorded: Properties): Properties {
    const kept = Object.fromEntries(
      Object.entries(recorded).filter(([name]) => !unsent.has(name)),
    );
    const id = kept["id"];
    const ours: Properties =
      typeof id === "string" ? { ...kept, id: this.world.text(id) } : kept;
    switch (method) {
      case "Handshake":
        return { ...ours, engineAddress: this.engine.address };
      case "Configure":
        return { ...ours, args: this.config(ours["args"]) };
      case "Check":
      case "Create":
      case "Update":
      case "Diff":
      case "Read":
      case "Delete":
        return { ...ours, ...this.values(method, recorded) };
      default:
        return ours;
    }
  }

  /** The values that the engine would have sent, had our answers been its answers. */
  private values(method: Method, recorded: Properties): Properties {
    const urn = String(recorded["urn"]);
    const { inputs, state } = this.saved.get(urn) ?? { inputs: {}, state: {} };
    const checked = this.checked.get(urn) ?? inputs;
    const isGiven = (name: string) =>
      Object.keys(toProperties(recorded[name] ?? {})).length > 0;
    switch (method) {
      case "Check":
        return {
          olds: isGiven("olds") ? inputs : {},
          news: this.world.inputs(toProperties(recorded["news"])),
        };
      case "Create":
        return { properties: checked };
      case "Read":
        return isGiven("properties") ? { properties: state, inputs } : {};
      case "Delete":
        return { properties: state, oldInputs: inputs };
      default:
        return { olds: state, news: checked, oldInputs: inputs };
    }
  }

  private config(args: unknown): Properties {
    const hosts = [this.world.source.host, this.world.destination.host];
    const registries = hosts.map((host) => ({ host, plainHttp: true }));
    const given = toProperties(args ?? {});
    return { ...given, registries: JSON.stringify(registries) };
  }

  private async started(instance: number): Promise<PluginProcess> {
    const known = this.processes.get(instance);
    if (known) return known;
    const process = await startProcess(
      {
        command: stagedPlugin(),
        args: [this.engine.address],
        cwd: ".",
        env: environment(),
      },
      { plugin: "artifact-mirror", instance, journal: this.journal },
    );
    this.processes.set(instance, process);
    return process;
  }

  private async configured(instance: number): Promise<PluginProcess> {
    const process = await this.started(instance);
    const engineAddress = this.engine.address;
    await process.call("Handshake", {
      engineAddress,
      supportsRefreshBeforeUpdate: true,
    });
    await process.call("Configure", { args: this.config({}) });
    return process;
  }

  async end(): Promise<void> {
    const running = [...this.processes.values()];
    await Promise.all(running.map((process) => process.end()));
    this.engine.close();
  }
}

/** Nothing of the machine's own credentials reaches the plugin. */
function environment(): Record<string, string | undefined> {
  const { PATH } = process.env;
  return { PATH, HOME: "/nowhere", DOCKER_CONFIG: "/nowhere" };
}

import { dirname } from "node:path";
import { simulate, type Foreign } from "./foreign";
import { Gate, limit, StoppedError } from "./gate";
import { serveMonitor, type Invocation, type Lookup } from "./monitor";
import {
  startProcess,
  type Command,
  type OutgoingCall,
  type PluginProcess,
} from "./pluginProcess";
import { resolvePulumi, runProgram } from "./program";
import { Providers, type Configured } from "./providers";
import type { Answer, Registration } from "./registration";
import { Journal, type Diagnostic, type Plan } from "./report";
import { ResourceCalls } from "./resourceCalls";
import { serveEngine, type Listening } from "./servers";
import { State, type Backend } from "./state";
import { Steps } from "./steps";
import { refresh, removeAll, type UpkeepOptions } from "./upkeep";
import { isProviderType, makeUrn, packageOf } from "./urn";
import {
  isUnknown,
  same,
  secret,
  toProperties,
  type Properties,
} from "./values";

/** What stays the same from run to run. */
export interface Settings {
  readonly projectDir: string;
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  readonly parallel: number;
  /** executables by package; packages that are not named are simulated */
  readonly plugins: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
  readonly secretConfig: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly foreign: Foreign;
  readonly onCall?: ((call: OutgoingCall) => void | Promise<void>) | undefined;
  readonly onDiagnostic?: ((diagnostic: Diagnostic) => void) | undefined;
}

export interface RunOptions {
  readonly preview: boolean;
  /** URNs; without them everything is a target */
  readonly targets?: readonly string[] | undefined;
  readonly continueOnError?: boolean | undefined;
  readonly plan?: Plan | undefined;
}

const dynamicPackage = "pulumi-nodejs";

/** Counts the processes of a run, which may be more than one deployment. */
export interface Instances {
  next: number;
}

/** One run over a stack. */
export class Deployment {
  readonly state: State;
  readonly providers: Providers;
  outputs: Properties = {};
  programOutput = "";
  private readonly gate = new Gate();
  private readonly work;
  private readonly steps: Steps;
  private readonly seen = new Set<string>();
  private readonly stackUrn: string;
  private abandoned = false;
  private engineServer: Listening | undefined;
  private readonly program = new AbortController();

  constructor(
    private readonly settings: Settings,
    private readonly options: RunOptions,
    private readonly parts: {
      readonly backend: Backend;
      readonly journal: Journal;
      readonly instances: Instances;
    },
  ) {
    const { preview } = options;
    const { journal } = parts;
    this.work = limit(settings.parallel);
    this.state = new State(parts.backend, preview);
    this.providers = new Providers({
      state: this.state,
      journal,
      preview,
      launch: (plugin) => this.launch(plugin),
    });
    this.steps = new Steps({
      ...this.upkeep(),
      serial: limit(1),
      plan: options.plan,
    });
    const { project, stack } = settings;
    const type = "pulumi:pulumi:Stack";
    this.stackUrn = makeUrn({
      project,
      stack,
      type,
      name: `${project}-${stack}`,
    });
  }

  private upkeep(): UpkeepOptions {
    const { journal } = this.parts;
    const { preview, targets } = this.options;
    return {
      state: this.state,
      providers: this.providers,
      journal,
      gate: this.gate,
      work: this.work,
      preview,
      isTarget: (urn) => targets === undefined || targets.includes(urn),
      isAbandoned: () => this.abandoned,
    };
  }

  /** Runs one kind of deployment between its servers' start and its processes' end. */
  async run(kind: () => Promise<void>): Promise<void> {
    const { journal } = this.parts;
    this.engineServer = await serveEngine(journal, (one) =>
      this.settings.onDiagnostic?.(one),
    );
    try {
      this.warnOfPending();
      await kind();
    } catch (error) {
      journal.fail("", error instanceof Error ? error.message : String(error));
    } finally {
      await this.providers.end();
      this.engineServer.close();
    }
    if (this.gate.stopped && journal.failures === 0) journal.failures = 1;
  }

  private warnOfPending(): void {
    const { pending } = this.state;
    if (pending.length === 0) return;
    const listed = pending.map(
      ({ urn, operation }) => `  * ${urn}, interrupted while ${operation}`,
    );
    const message = `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${listed.join("\n")}\nRun \`pulumi refresh\` to clear them.`;
    this.parts.journal.say("warning", "", message);
  }

  /** preview and up */
  async update(): Promise<void> {
    const { journal } = this.parts;
    await refresh(this.upkeep(), (one) => one.refreshBeforeUpdate === true);
    if (journal.failures > 0) return;
    await this.runProgram();
    if (journal.failures > 0 || this.gate.stopped) return;
    const gone = this.state.resources.filter(
      (one) =>
        one.urn !== this.stackUrn &&
        (one.delete === true ||
          (!this.seen.has(one.urn) && this.isTarget(one.urn))),
    );
    await removeAll(this.upkeep(), gone);
    if (journal.failures === 0) this.state.dropProviders(this.providers.used);
  }

  private isTarget(urn: string): boolean {
    return this.upkeep().isTarget(urn);
  }

  async refresh(): Promise<void> {
    const { journal } = this.parts;
    await refresh(this.upkeep(), () => true);
    journal.settleRefresh();
    if (this.state.find(this.stackUrn) !== undefined)
      journal.step("same", this.stackUrn);
    if (journal.failures === 0) this.state.forgetPending();
    this.outputs = this.state.find(this.stackUrn)?.outputs ?? {};
  }

  async destroy(): Promise<void> {
    const { journal } = this.parts;
    await refresh(this.upkeep(), (one) => one.refreshBeforeUpdate === true);
    if (journal.failures > 0) return;
    await removeAll(
      this.upkeep(),
      this.state.resources.filter((one) => this.isTarget(one.urn)),
    );
    this.state.dropProviders(new Set());
  }

  /** `pulumi import`: what is there becomes a protected resource of the stack. */
  async import(type: string, name: string, id: string): Promise<void> {
    const { project, stack } = this.settings;
    const { journal } = this.parts;
    this.putStack();
    const provider = await this.defaultProvider(packageOf(type), "");
    const urn = makeUrn({ project, stack, type, name });
    const calls = new ResourceCalls(provider, urn);
    const found = await calls.read(id);
    if (found === undefined) throw new Error(`resource '${id}' does not exist`);
    const { inputs } = found;
    if (inputs === undefined)
      throw new Error("provider does not support importing resources");
    await calls.check(inputs, inputs).catch((error: Error) => {
      journal.say("warning", urn, error.message);
    });
    journal.step("import", urn);
    this.state.put({
      ...found,
      urn,
      inputs,
      custom: true,
      provider: provider.reference,
      dependencies: [],
      ignoreChanges: [],
      protect: true,
      importId: id,
    });
  }

  /** The schema is asked for once more, to write the program's code. */
  async schema(type: string): Promise<string> {
    const { process } = await this.launch(packageOf(type));
    const { schema } = await process.call("GetSchema", {});
    await process.call("GetPluginInfo", {});
    await process.end();
    return String(schema);
  }

  private putStack(): void {
    if (this.state.find(this.stackUrn) !== undefined) return;
    this.parts.journal.step("create", this.stackUrn);
    const nothing = {
      inputs: {},
      outputs: {},
      dependencies: [],
      ignoreChanges: [],
    };
    this.state.put({ urn: this.stackUrn, id: "", custom: false, ...nothing });
  }

  private async runProgram(): Promise<void> {
    const { settings, options, gate } = this;
    const { preview } = options;
    const monitor = await serveMonitor({
      ...settings,
      preview,
      register: (registration) => this.register(registration),
      read: (lookup) => this.unless(() => this.read(lookup)),
      invoke: (invocation) => this.unless(() => this.invoke(invocation)),
      outputs: (urn, outputs) => this.keepOutputs(urn, outputs),
    });
    const running = runProgram(
      {
        ...settings,
        preview,
        monitorAddress: monitor.address,
        engineAddress: this.engineServer?.address ?? "",
      },
      this.program.signal,
    );
    try {
      await Promise.race([running, gate.drained]);
      if (gate.stopped) {
        await gate.drained;
        this.program.abort();
      }
      const { exitCode, output } = await running;
      this.programOutput = output;
      if (exitCode !== 0 && !gate.stopped) await this.programFailed(exitCode);
    } finally {
      monitor.close();
    }
  }

  private async programFailed(exitCode: number | null): Promise<void> {
    const { journal } = this.parts;
    this.gate.stop();
    await this.gate.drained;
    const isTold = journal.diagnostics.some(
      ({ severity }) => severity === "error",
    );
    if (isTold) journal.failures += 1;
    else
      journal.fail(
        "",
        `the program ended with exit code ${exitCode}\n${this.programOutput}`,
      );
  }

  private keepOutputs(urn: string, outputs: Properties): void {
    const resource = this.state.find(urn);
    if (urn !== this.stackUrn || resource === undefined) return;
    this.outputs = outputs;
    this.state.put({ ...resource, outputs });
  }

  /** Nothing is answered any more once the run is stopped, as in the real engine. */
  private async unless<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.gate.enter(work);
    } catch (error) {
      if (error instanceof StoppedError) return new Promise<T>(() => undefined);
      throw error;
    }
  }

  private async register(wanted: Registration): Promise<Answer | "failed"> {
    try {
      this.gate.pass();
      if (this.seen.has(wanted.urn))
        throw new Error(
          `Duplicate resource URN '${wanted.urn}'; try giving it a unique name`,
        );
      this.seen.add(wanted.urn);
      const answer = await this.answer(wanted);
      this.parts.journal.answers[wanted.urn] = answer;
      return answer;
    } catch (error) {
      if (!(error instanceof StoppedError)) {
        const message = error instanceof Error ? error.message : String(error);
        this.parts.journal.fail(wanted.urn, message);
        if (this.options.continueOnError === true) return "failed";
        this.gate.stop();
      }
      return new Promise(() => undefined);
    }
  }

  private async answer(wanted: Registration): Promise<Answer> {
    const plugin = packageOf(wanted.type);
    if (!wanted.custom || !this.hasPlugin(plugin))
      return simulate(wanted, {
        ...this.upkeep(),
        foreign: this.settings.foreign,
      });
    if (isProviderType(wanted.type)) return this.registerProvider(wanted);
    const provider = await this.gate.enter(() => this.providerOf(wanted));
    return this.steps.register(wanted, provider);
  }

  private async registerProvider(wanted: Registration): Promise<Answer> {
    const { urn, version, inputs } = wanted;
    const before = this.state.provider(urn);
    const configured = await this.gate.enter(() =>
      this.providers.register(
        urn,
        version === "" ? inputs : { ...inputs, version },
      ),
    );
    const isSame =
      before !== undefined && same(before.inputs, configured.inputs);
    const op = before === undefined ? "create" : isSame ? "same" : "update";
    this.parts.journal.step(op, urn);
    const id = configured.reference.slice(urn.length + 2);
    return { id, outputs: configured.inputs };
  }

  private hasPlugin(plugin: string): boolean {
    return (
      plugin === dynamicPackage || this.settings.plugins[plugin] !== undefined
    );
  }

  private providerOf(wanted: {
    readonly type: string;
    readonly provider?: string | undefined;
    readonly version: string;
  }): Promise<Configured> {
    return wanted.provider === undefined
      ? this.defaultProvider(packageOf(wanted.type), wanted.version)
      : this.providers.registeredBefore(wanted.provider);
  }

  private defaultProvider(
    plugin: string,
    version: string,
  ): Promise<Configured> {
    const { project, stack, config, secretConfig } = this.settings;
    const suffix = version === "" ? "" : `_${version.replaceAll(".", "_")}`;
    const type = `pulumi:providers:${plugin}`;
    const urn = makeUrn({ project, stack, type, name: `default${suffix}` });
    const settings = Object.entries(config)
      .filter(([key]) => key.startsWith(`${plugin}:`))
      .map(([key, value]) => [
        key.slice(plugin.length + 1),
        secretConfig.includes(key) ? secret(value) : value,
      ]);
    const inputs = toProperties(Object.fromEntries(settings));
    return this.providers.register(
      urn,
      version === "" ? inputs : { ...inputs, version },
    );
  }

  private async read(lookup: Lookup): Promise<Properties> {
    const { urn, id, properties } = lookup;
    this.seen.add(urn);
    if (isUnknown(id) || !this.hasPlugin(packageOf(lookup.type)))
      return properties;
    const calls = new ResourceCalls(await this.providerOf(lookup), urn);
    const found = await this.work(() =>
      calls.read(id, { outputs: properties, inputs: {} }),
    );
    if (found === undefined) throw new Error(`resource '${id}' does not exist`);
    this.parts.journal.step("read", urn);
    return found.outputs;
  }

  private async invoke({
    token,
    args,
    ...rest
  }: Invocation): Promise<Properties> {
    const { preview } = this.options;
    const simulated = this.settings.foreign.functions?.[token];
    if (!this.hasPlugin(packageOf(token)))
      return { return: simulated?.(args) ?? {} };
    const provider = await this.providerOf({ ...rest, type: token });
    const isNew = (urn: string): boolean => this.state.find(urn)?.id === "";
    if (provider.bypassed) return { return: {} };
    if (preview && rest.dependencies.some(isNew)) return { unknown: true };
    return provider.process.call("Invoke", { tok: token, args, preview });
  }

  private async launch(
    plugin: string,
  ): Promise<{ process: PluginProcess; version: string }> {
    const { journal, instances } = this.parts;
    const { onCall } = this.settings;
    const instance = instances.next++;
    const command = this.commandOf(plugin, instance);
    const process = await startProcess(command, {
      plugin,
      instance,
      journal,
      onCall,
    });
    const rootDirectory = dirname(this.settings.plugins[plugin] ?? command.cwd);
    await process
      .call("Handshake", {
        engineAddress: this.engineServer?.address ?? "",
        rootDirectory,
        programDirectory: rootDirectory,
        configureWithUrn: true,
        supportsRefreshBeforeUpdate: true,
        invokeWithPreview: true,
        acceptsByteString: true,
      })
      .catch(() => undefined);
    const { version } = await process.call("GetPluginInfo", {});
    return { process, version: typeof version === "string" ? version : "" };
  }

  private commandOf(plugin: string, instance: number): Command {
    const { projectDir, plugins, env } = this.settings;
    const address = this.engineServer?.address ?? "";
    const common = {
      cwd: projectDir,
      env: { ...env, ENGINE_INSTANCE: String(instance) },
    };
    const executable = plugins[plugin];
    if (executable !== undefined)
      return { ...common, command: executable, args: [address] };
    if (plugin !== dynamicPackage) throw new Error(`no plugin for ${plugin}`);
    const host = resolvePulumi(projectDir, "cmd/dynamic-provider");
    return { ...common, command: process.execPath, args: [host, address] };
  }

  /** ^C: nothing new begins, providers are told to stop what they do. */
  async cancel(): Promise<void> {
    this.gate.stop();
    await this.providers.cancel();
  }

  /** A second ^C: everything ends at once, and state keeps what was pending. */
  abandon(): void {
    this.abandoned = true;
    this.gate.stop();
    this.providers.kill();
    this.program.abort();
  }
}

import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { ProviderError, type PluginProcess } from "./pluginProcess";
import type { Launched, Launcher } from "./launcher";
import type { Method } from "./methods";
import type { Journal } from "./report";
import type { State } from "./state";
import { nameOf, packageOf, providerUrn, typeOf } from "./urn";
import {
  hasUnknown,
  toProperties,
  unknownValue,
  unwrap,
  type Properties,
} from "./values";

/** A provider process that has its configuration. */
export interface Configured {
  /** `<urn>::<id>` */
  readonly reference: string;
  readonly inputs: Properties;
  readonly process: PluginProcess;
  /** Its configuration holds an unknown: the engine answers in its place, and never asks it. */
  readonly bypassed: boolean;
  readonly acceptSecrets: boolean;
  readonly supportsPreview: boolean;
}

export interface ProvidersOptions {
  readonly state: State;
  readonly journal: Journal;
  readonly preview: boolean;
  readonly launcher: Launcher;
}

const identity = (urn: string): Properties => ({
  urn,
  name: nameOf(urn),
  type: typeOf(urn),
});

/** The providers of one run, by URN: loaded from state for what state needs, checked when the program registers them. */
export class Providers {
  private readonly loaded = new Map<string, Promise<Configured>>();
  private readonly registered = new Map<string, Promise<Configured>>();
  private readonly processes: PluginProcess[] = [];

  constructor(private readonly options: ProvidersOptions) {}

  get used(): ReadonlySet<string> {
    return new Set(this.registered.keys());
  }

  /** The provider that state names: configured as it was, without CheckConfig. */
  fromState(reference: string): Promise<Configured> {
    const urn = providerUrn(reference);
    const known = this.loaded.get(urn);
    if (known !== undefined) return known;
    const loading = this.load(urn);
    this.loaded.set(urn, loading);
    return loading;
  }

  private async load(urn: string): Promise<Configured> {
    const before = this.options.state.provider(urn);
    if (before === undefined) throw new Error(`unknown provider ${urn}`);
    const { process } = await this.launch(urn);
    return this.configure(process, urn, before);
  }

  /** The provider that the program registers, explicitly or by default. */
  register(urn: string, inputs: Properties): Promise<Configured> {
    const known = this.registered.get(urn);
    if (known !== undefined) return known;
    const registering = this.check(urn, inputs);
    this.registered.set(urn, registering);
    return registering;
  }

  async registeredBefore(reference: string): Promise<Configured> {
    const known = this.registered.get(providerUrn(reference));
    if (known === undefined) throw new Error(`unknown provider '${reference}'`);
    return known;
  }

  private async check(urn: string, news: Properties): Promise<Configured> {
    const before = this.options.state.provider(urn);
    const launched = await this.launch(urn);
    this.warnOfVersion(launched, news);
    const response = await optional(launched.process, "CheckConfig", {
      ...identity(urn),
      olds: before?.inputs ?? {},
      news,
    });
    refuseFailures(response);
    const inputs = toProperties(response["inputs"] ?? news);
    const configured =
      before === undefined
        ? await this.configureNew(launched.process, urn, inputs)
        : await this.compare(launched.process, urn, inputs);
    const [id] = configured.reference.split("::").slice(-1);
    this.options.state.putProvider(urn, { id: id ?? "", inputs });
    this.loaded.set(urn, Promise.resolve(configured));
    return configured;
  }

  private configureNew(
    process: PluginProcess,
    urn: string,
    inputs: Properties,
  ): Promise<Configured> {
    const id = this.options.preview ? unknownValue : randomUUID();
    return this.configure(process, urn, { id, inputs });
  }

  private async compare(
    process: PluginProcess,
    urn: string,
    inputs: Properties,
  ): Promise<Configured> {
    const before = this.options.state.provider(urn);
    if (before === undefined) throw new Error(`unknown provider ${urn}`);
    const diff = await diffConfig(process, urn, {
      olds: before.inputs,
      news: inputs,
    });
    const running = this.loaded.get(urn);
    if (diff["changes"] !== "DIFF_SOME")
      return running ?? this.configure(process, urn, { id: before.id, inputs });
    if (Array.isArray(diff["replaces"]))
      return this.configureNew(process, urn, inputs);
    const configured = this.configure(process, urn, { id: before.id, inputs });
    const [former] = await Promise.all([running, configured]);
    await former?.process.end();
    return configured;
  }

  private async configure(
    process: PluginProcess,
    urn: string,
    { id, inputs }: { readonly id: string; readonly inputs: Properties },
  ): Promise<Configured> {
    const bypassed = hasUnknown(inputs);
    const common = { reference: `${urn}::${id}`, inputs, process, bypassed };
    if (bypassed)
      return { ...common, acceptSecrets: true, supportsPreview: true };
    const response = await process.call("Configure", {
      ...identity(urn),
      id,
      args: inputs,
      ...variablesOf(packageOf(typeOf(urn)), inputs),
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
    });
    return {
      ...common,
      acceptSecrets: response["acceptSecrets"] === true,
      supportsPreview: response["supportsPreview"] === true,
    };
  }

  private async launch(urn: string): Promise<Launched> {
    const launched = await this.options.launcher.launch(packageOf(typeOf(urn)));
    this.processes.push(launched.process);
    return launched;
  }

  private warnOfVersion(
    { process, version }: Launched,
    inputs: Properties,
  ): void {
    const wanted = inputs["version"];
    if (
      typeof wanted !== "string" ||
      version === "" ||
      !isOlder(version, wanted)
    )
      return;
    const message = `resource plugin ${process.plugin} is expected to have version >=${wanted}, but has ${version}; the wrong version may be on your path, or this may be a bug in the plugin`;
    this.options.journal.say("warning", "", message);
  }

  /** SIGINT at the engine: every process is told. */
  async cancel(): Promise<void> {
    const told = this.processes.map((one) => one.call("Cancel", {}));
    await Promise.allSettled(told);
  }

  kill(plugin?: string): void {
    for (const one of this.processes)
      if (plugin === undefined || one.plugin === plugin) one.kill();
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.end()));
  }
}

/** A call that a provider need not implement: nothing is its answer then. */
async function optional(
  process: PluginProcess,
  method: Method,
  request: Properties,
): Promise<Properties> {
  try {
    return await process.call(method, request);
  } catch (error) {
    const isMissing =
      error instanceof ProviderError && error.code === status.UNIMPLEMENTED;
    if (isMissing) return {};
    throw error;
  }
}

/** What a provider says of a change of its configuration. Without an opinion nothing is to be replaced. */
export function diffConfig(
  process: PluginProcess,
  urn: string,
  { olds, news }: { readonly olds: Properties; readonly news: Properties },
): Promise<Properties> {
  const request = { ...identity(urn), olds, news, oldInputs: olds };
  return optional(process, "DiffConfig", request);
}

function refuseFailures(response: Properties): void {
  const failures = response["failures"];
  if (!Array.isArray(failures) || failures.length === 0) return;
  const reasons = failures.map((one: unknown) => {
    const { property, reason } = toProperties(one);
    return `could not validate provider configuration: ${property === "" ? "" : `${property}: `}${reason}`;
  });
  throw new Error(reasons.join("\n"));
}

function variablesOf(plugin: string, inputs: Properties): Properties {
  const settings = Object.entries(inputs).filter(
    ([name]) => name !== "version",
  );
  if (settings.length === 0) return {};
  const variables = Object.fromEntries(
    settings.map(([name, value]) => {
      const open = unwrap(value);
      return [
        `${plugin}:config:${name}`,
        typeof open === "string" ? open : JSON.stringify(open),
      ];
    }),
  );
  return { variables };
}

function isOlder(have: string, wanted: string): boolean {
  const numbers = (version: string): number[] =>
    version.split(/[-+]/)[0]?.split(".").map(Number) ?? [];
  const wantedNumbers = numbers(wanted);
  for (const [at, number] of numbers(have).entries()) {
    const other = wantedNumbers[at] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

import { simulate } from "./foreign";
import { StoppedError, type Gate, type Limit } from "./gate";
import { dynamicPackage, type Launcher } from "./launcher";
import type { Deed, Invocation, Lookup } from "./monitor";
import type { Configured, Providers } from "./providers";
import type { Answer, Registration } from "./registration";
import type { Journal } from "./report";
import { ResourceCalls } from "./resourceCalls";
import type { RunOptions, Settings } from "./settings";
import type { State } from "./state";
import type { Steps } from "./steps";
import { textOf } from "./textOf";
import { isProviderType, makeUrn, packageOf } from "./urn";
import {
  isUnknown,
  same,
  secret,
  toProperties,
  type Properties,
} from "./values";

export interface ProgramSideOptions {
  readonly settings: Settings;
  readonly run: RunOptions;
  readonly state: State;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly work: Limit;
  readonly launcher: Launcher;
  readonly providers: Providers;
  readonly steps: Steps;
  readonly stackUrn: string;
}

interface Asked {
  readonly type: string;
  readonly provider?: string | undefined;
  readonly version: string;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Does what a program asks for. */
export class ProgramSide implements Deed {
  /** URNs of everything that the program has registered or read */
  readonly seen = new Set<string>();
  stackOutputs: Properties = {};
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;

  constructor(private readonly options: ProgramSideOptions) {
    const { project, stack, parallel } = options.settings;
    this.project = project;
    this.stack = stack;
    this.parallel = parallel;
    this.preview = options.run.preview;
  }

  /** Nothing is answered any more once the run is stopped, as in the real engine. */
  private async unlessStopped<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.options.gate.enter(work);
    } catch (error) {
      if (error instanceof StoppedError) return never<T>();
      throw error;
    }
  }

  async register(wanted: Registration): Promise<Answer | "failed"> {
    const { gate, journal, run } = this.options;
    try {
      gate.pass();
      this.note(wanted.urn);
      const answer = await this.answer(wanted);
      journal.answers[wanted.urn] = answer;
      return answer;
    } catch (error) {
      if (error instanceof StoppedError) return never();
      const message = textOf(error);
      journal.fail(wanted.urn, message);
      if (run.continueOnError === true) return "failed";
      gate.stop();
      return never();
    }
  }

  private note(urn: string): void {
    if (this.seen.has(urn))
      throw new Error(
        `Duplicate resource URN '${urn}'; try giving it a unique name`,
      );
    this.seen.add(urn);
  }

  private async answer(wanted: Registration): Promise<Answer> {
    const { settings, gate, launcher, steps, state, journal } = this.options;
    const { foreign } = settings;
    const { preview } = this;
    if (!wanted.custom || !launcher.has(packageOf(wanted.type)))
      return simulate(wanted, { state, journal, preview, foreign });
    if (isProviderType(wanted.type)) return this.registerProvider(wanted);
    const provider = await gate.enter(() => this.providerOf(wanted));
    return steps.register(wanted, provider);
  }

  private async registerProvider(wanted: Registration): Promise<Answer> {
    const { state, gate, providers, journal } = this.options;
    const { urn, version, inputs } = wanted;
    const before = state.provider(urn);
    const news = version === "" ? inputs : { ...inputs, version };
    const configured = await gate.enter(() => providers.register(urn, news));
    const isSame =
      before !== undefined && same(before.inputs, configured.inputs);
    const op = before === undefined ? "create" : isSame ? "same" : "update";
    journal.step(op, urn);
    const id = configured.reference.slice(urn.length + 2);
    return { id, outputs: configured.inputs };
  }

  private providerOf({ type, provider, version }: Asked): Promise<Configured> {
    return provider === undefined
      ? this.defaultProvider(packageOf(type), version)
      : this.options.providers.registeredBefore(provider);
  }

  /** The provider that a package gets when a program names none, configured by the stack's own config. */
  defaultProvider(plugin: string, version: string): Promise<Configured> {
    const { project, stack } = this;
    const { config, secretConfig } = this.options.settings;
    const suffix = version === "" ? "" : `_${version.replaceAll(".", "_")}`;
    const type = `pulumi:providers:${plugin}`;
    const urn = makeUrn({ project, stack, type, name: `default${suffix}` });
    // dynamic providers get everything, under its whole name
    const prefix = plugin === dynamicPackage ? "" : `${plugin}:`;
    const settings = Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [
        key.slice(prefix.length),
        secretConfig.includes(key) ? secret(value) : value,
      ]);
    const inputs = toProperties(Object.fromEntries(settings));
    const news = version === "" ? inputs : { ...inputs, version };
    return this.options.providers.register(urn, news);
  }

  read(lookup: Lookup): Promise<Properties> {
    return this.unlessStopped(() => this.lookUp(lookup));
  }

  private async lookUp(lookup: Lookup): Promise<Properties> {
    const { launcher, journal, work } = this.options;
    const { urn, id, properties } = lookup;
    this.seen.add(urn);
    if (isUnknown(id) || !launcher.has(packageOf(lookup.type)))
      return properties;
    const calls = new ResourceCalls(await this.providerOf(lookup), urn);
    const known = { outputs: properties, inputs: {} };
    const found = await work(() => calls.read(id, known));
    if (found === undefined) throw new Error(`resource '${id}' does not exist`);
    journal.step("read", urn);
    return found.outputs;
  }

  invoke(invocation: Invocation): Promise<Properties> {
    return this.unlessStopped(() => this.callFunction(invocation));
  }

  private async callFunction(invocation: Invocation): Promise<Properties> {
    const { settings, launcher, state } = this.options;
    const { token, args, dependencies } = invocation;
    const { preview } = this;
    if (!launcher.has(packageOf(token)))
      return { return: settings.foreign.functions?.[token]?.(args) ?? {} };
    const provider = await this.providerOf({ ...invocation, type: token });
    if (provider.bypassed) return { return: {} };
    const isNew = (urn: string): boolean => state.find(urn)?.id === "";
    if (preview && dependencies.some(isNew)) return { unknown: true };
    return provider.process
      .call("Invoke", { tok: token, args, preview })
      .catch((error: unknown) => {
        const why = textOf(error);
        throw new Error(`invocation of ${token} returned an error: ${why}`);
      });
  }

  outputs(urn: string, outputs: Properties): void {
    const { state, stackUrn } = this.options;
    const resource = state.find(urn);
    if (urn !== stackUrn || resource === undefined) return;
    this.stackOutputs = outputs;
    state.put({ ...resource, outputs });
  }
}

import { resolve } from "node:path";
import { Deployment } from "./deployment";
import { display } from "./display";
import { Launcher } from "./launcher";
import { Journal, type Plan, type Report } from "./report";
import type { RunOptions, Settings } from "./settings";
import { Backend, type Checkpoint, type Resource } from "./state";
import { nameOf } from "./urn";
import { masked, toProperties, type Properties } from "./values";

/** What an engine is made of; only the program's folder is required. */
export interface EngineOptions extends Partial<Omit<Settings, "projectDir">> {
  readonly projectDir: string;
  /** where state is kept; in memory only when absent */
  readonly stateFile?: string;
  /** the state to begin with, where no file has one */
  readonly state?: Checkpoint;
}

/** Options of one run. */
export interface UpdateOptions {
  /** URNs, or names, of the only resources to be touched */
  readonly targets?: readonly string[];
  /** exit code 7 when anything would change */
  readonly expectNoChanges?: boolean;
  readonly continueOnError?: boolean;
  /** what `preview` reported as its plan: a run that would do anything else fails */
  readonly plan?: Plan;
}

interface Run {
  readonly title: string;
  readonly options: RunOptions;
  readonly expectNoChanges: boolean;
  readonly kind: (deployment: Deployment) => Promise<void>;
}

const harmless: ReadonlySet<string> = new Set(["same", "refresh", "read"]);

/** A small Pulumi engine: one stack of one program, real plugin processes, real wire. */
export class Engine {
  private readonly settings: Settings;
  private readonly backend: Backend;
  private running: Deployment | undefined;
  private isAbandoned = false;

  constructor(options: EngineOptions) {
    this.settings = {
      main: ".",
      project: "project",
      stack: "dev",
      parallel: 8,
      plugins: {},
      config: {},
      secretConfig: [],
      env: process.env,
      foreign: {},
      ...options,
      projectDir: resolve(options.projectDir),
    };
    this.backend = new Backend(options.stateFile, options.state);
  }

  /** What state holds of a resource, by name or URN; secrets are in clear here. */
  resource(nameOrUrn: string): Resource | undefined {
    const { resources } = this.backend.load();
    const named = resources.filter(
      ({ urn }) => urn === nameOrUrn || nameOf(urn) === nameOrUrn,
    );
    return named.find((one) => one.delete !== true);
  }

  /** Edits what state holds of a resource, as an export and an import of the stack could. */
  amend(name: string, change: (outputs: Properties) => Properties): void {
    const checkpoint = this.backend.load();
    const resources = checkpoint.resources.map((one) =>
      nameOf(one.urn) === name ? { ...one, outputs: change(one.outputs) } : one,
    );
    this.backend.save({ ...checkpoint, resources });
  }

  preview(options: UpdateOptions = {}): Promise<Report> {
    const run = this.asked("Previewing update", options, true);
    return this.perform({ ...run, kind: (one) => one.update() });
  }

  up(options: UpdateOptions = {}): Promise<Report> {
    const run = this.asked("Updating", options);
    return this.perform({ ...run, kind: (one) => one.update() });
  }

  refresh(options: UpdateOptions = {}): Promise<Report> {
    const run = this.asked("Refreshing", options);
    return this.perform({ ...run, kind: (one) => one.refresh() });
  }

  destroy(options: UpdateOptions = {}): Promise<Report> {
    const run = this.asked("Destroying", options);
    return this.perform({ ...run, kind: (one) => one.destroy() });
  }

  /** `pulumi import TYPE NAME ID`: tried in a preview, then done. */
  async importResource(
    type: string,
    name: string,
    id: string,
  ): Promise<Report> {
    const { settings, backend } = this;
    const journal = new Journal();
    const launcher = new Launcher(settings, journal);
    const parts = { backend, journal, launcher };
    const pass = async (
      preview: boolean,
      kind: Run["kind"],
    ): Promise<Deployment> => {
      // what the trial says is said again
      if (!preview) journal.forgetSteps();
      const deployment = new Deployment(settings, { preview }, parts);
      await deployment.perform(() => kind(deployment));
      return deployment;
    };
    const imported = (one: Deployment): Promise<void> =>
      one.import(type, name, id);
    let last = await pass(true, imported);
    if (journal.failures === 0) last = await pass(false, imported);
    if (journal.failures === 0)
      await new Deployment(settings, { preview: false }, parts).perform(() =>
        last.schema(type),
      );
    return this.report(this.asked("Importing", {}), journal, last);
  }

  /** ^C. Resolves when every provider has been told; the run itself ends on its own. */
  async cancel(): Promise<void> {
    await this.running?.cancel();
  }

  /** A second ^C: processes are killed, and state keeps the operations that were under way. */
  abandon(): void {
    this.isAbandoned = true;
    this.running?.abandon();
  }

  /** Kills the running processes of a plugin, as a crash would. */
  kill(plugin?: string): void {
    this.running?.providers.kill(plugin);
  }

  private asked(
    title: string,
    { targets, expectNoChanges, ...rest }: UpdateOptions,
    preview = false,
  ): Omit<Run, "kind"> {
    const urns = targets?.map((one) => this.resource(one)?.urn ?? one);
    const options = { preview, ...rest, targets: urns };
    return { title, options, expectNoChanges: expectNoChanges === true };
  }

  private async perform(run: Run): Promise<Report> {
    const { settings, backend } = this;
    const journal = new Journal();
    const launcher = new Launcher(settings, journal);
    const parts = { backend, journal, launcher };
    const deployment = new Deployment(settings, run.options, parts);
    this.running = deployment;
    this.isAbandoned = false;
    try {
      await deployment.perform(() => run.kind(deployment));
    } finally {
      this.running = undefined;
    }
    return this.report(run, journal, deployment);
  }

  private report(
    { title, options, expectNoChanges }: Omit<Run, "kind">,
    journal: Journal,
    { outputs, programOutput }: Deployment,
  ): Report {
    const { steps, diagnostics, calls, plan, answers, failures } = journal;
    const facts = {
      exitCode: this.exitCode(journal, expectNoChanges),
      steps,
      diagnostics,
      calls,
      plan,
      answers,
      programOutput,
      outputs: toProperties(masked(outputs)),
    };
    const { preview } = options;
    const heading = `${title} (${this.settings.stack})`;
    const text = display(heading, facts, { preview, failures });
    return { ...facts, text, state: this.backend.exported() };
  }

  private exitCode(
    { steps, failures }: Journal,
    expectNoChanges: boolean,
  ): number {
    if (this.isAbandoned) return 8;
    if (failures > 0) return 1;
    return expectNoChanges && steps.some(({ op }) => !harmless.has(op)) ? 7 : 0;
  }
}

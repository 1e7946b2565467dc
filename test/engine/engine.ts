import { resolve } from "node:path";
import { Deployment, type RunOptions, type Settings } from "./deployment";
import { display } from "./display";
import { Journal, type Plan, type Report } from "./report";
import { Backend, type Checkpoint, type Resource } from "./state";
import { nameOf } from "./urn";
import { masked, toProperties } from "./values";

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

const exitCodes = { failed: 1, changes: 7, abandoned: 8 } as const;
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

  preview(options: UpdateOptions = {}): Promise<Report> {
    const run = { ...this.runOptions(options), preview: true };
    return this.run("Previewing update", run, options, (it) => it.update());
  }

  up(options: UpdateOptions = {}): Promise<Report> {
    const run = this.runOptions(options);
    return this.run("Updating", run, options, (it) => it.update());
  }

  refresh(options: UpdateOptions = {}): Promise<Report> {
    const run = this.runOptions(options);
    return this.run("Refreshing", run, options, (it) => it.refresh());
  }

  destroy(options: UpdateOptions = {}): Promise<Report> {
    const run = this.runOptions(options);
    return this.run("Destroying", run, options, (it) => it.destroy());
  }

  /** `pulumi import TYPE NAME ID`: tried in a preview, then done. */
  async importResource(
    type: string,
    name: string,
    id: string,
  ): Promise<Report> {
    const journal = new Journal();
    const instances = { next: 1 };
    const parts = { backend: this.backend, journal, instances };
    const trial = new Journal();
    const before = new Deployment(
      this.settings,
      { preview: true },
      { ...parts, journal: trial },
    );
    await before.run(() => before.import(type, name, id));
    journal.calls.push(...trial.calls);
    if (trial.failures > 0) {
      journal.diagnostics.push(...trial.diagnostics);
      journal.failures = trial.failures;
      return this.report("Importing", { journal, preview: false }, before, {});
    }
    const real = new Deployment(this.settings, { preview: false }, parts);
    await real.run(() => real.import(type, name, id));
    const writer = new Deployment(this.settings, { preview: false }, parts);
    if (journal.failures === 0)
      await writer.run(async () => void (await writer.schema(type)));
    return this.report("Importing", { journal, preview: false }, real, {});
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

  private runOptions({ targets, ...rest }: UpdateOptions): RunOptions {
    const { project, stack } = this.settings;
    return {
      preview: false,
      ...rest,
      targets: targets?.map((one) =>
        one.startsWith(`urn:pulumi:${stack}::${project}`)
          ? one
          : (this.resource(one)?.urn ?? one),
      ),
    };
  }

  private async run(
    title: string,
    options: RunOptions,
    asked: UpdateOptions,
    kind: (deployment: Deployment) => Promise<void>,
  ): Promise<Report> {
    const journal = new Journal();
    const parts = { backend: this.backend, journal, instances: { next: 1 } };
    const deployment = new Deployment(this.settings, options, parts);
    this.running = deployment;
    this.isAbandoned = false;
    try {
      await deployment.run(() => kind(deployment));
    } finally {
      this.running = undefined;
    }
    const { preview } = options;
    return this.report(title, { journal, preview }, deployment, asked);
  }

  private report(
    title: string,
    {
      journal,
      preview,
    }: { readonly journal: Journal; readonly preview: boolean },
    { outputs, programOutput }: Deployment,
    { expectNoChanges }: UpdateOptions,
  ): Report {
    const { steps, diagnostics, calls, plan, answers, failures } = journal;
    const changed = steps.some(({ op }) => !harmless.has(op));
    const exitCode = this.isAbandoned
      ? exitCodes.abandoned
      : failures > 0
        ? exitCodes.failed
        : expectNoChanges === true && changed
          ? exitCodes.changes
          : 0;
    const shown = toProperties(masked(outputs));
    const facts = {
      ...{ exitCode, steps, diagnostics, calls, plan, answers, programOutput },
      outputs: shown,
    };
    const text = display(`${title} (${this.settings.stack})`, facts, {
      preview,
      failures,
    });
    return { ...facts, text, state: this.backend.exported() };
  }
}

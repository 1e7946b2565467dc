import { Gate, limit } from "./gate";
import type { Launcher } from "./launcher";
import { serveMonitor } from "./monitor";
import { runProgram } from "./program";
import { ProgramSide } from "./programSide";
import { Providers } from "./providers";
import type { Journal } from "./report";
import { ResourceCalls } from "./resourceCalls";
import { serveEngine } from "./servers";
import type { RunOptions, Settings } from "./settings";
import { State, type Backend } from "./state";
import { Steps } from "./steps";
import { textOf } from "./textOf";
import { refresh, removeAll, type UpkeepOptions } from "./upkeep";
import { makeUrn, packageOf } from "./urn";
import type { Properties } from "./values";

/** What the deployments of one run share. */
export interface DeploymentParts {
  readonly backend: Backend;
  readonly journal: Journal;
  readonly launcher: Launcher;
}

/** One pass over a stack. */
export class Deployment {
  outputs: Properties = {};
  programOutput = "";
  readonly providers: Providers;
  private readonly state: State;
  private readonly journal: Journal;
  private readonly gate = new Gate();
  private readonly upkeep: UpkeepOptions;
  private readonly side: ProgramSide;
  private readonly stackUrn: string;
  private readonly program = new AbortController();

  constructor(
    private readonly settings: Settings,
    private readonly run: RunOptions,
    private readonly parts: DeploymentParts,
  ) {
    const { preview, targets, plan } = run;
    const { journal, launcher } = parts;
    const { gate } = this;
    const work = limit(settings.parallel);
    const state = new State(parts.backend, preview);
    const providers = new Providers({ state, journal, preview, launcher });
    const isTarget = (urn: string): boolean =>
      targets === undefined || targets.includes(urn);
    const common = { state, journal, gate, work, preview, isTarget };
    const steps = new Steps({ ...common, serial: limit(1), plan });
    const { project, stack } = settings;
    const type = "pulumi:pulumi:Stack";
    const name = `${project}-${stack}`;
    const stackUrn = makeUrn({ project, stack, type, name });
    const asked = { settings, run, launcher, providers, steps, stackUrn };
    this.side = new ProgramSide({ ...common, ...asked });
    this.upkeep = { ...common, providers };
    this.stackUrn = stackUrn;
    this.state = state;
    this.journal = journal;
    this.providers = providers;
  }

  /** Runs one kind of deployment between its server's start and its processes' end. */
  async perform(kind: () => Promise<void>): Promise<void> {
    const { journal, gate } = this;
    const engine = await serveEngine(journal, (one) =>
      this.settings.onDiagnostic?.(one),
    );
    this.parts.launcher.engineAddress = engine.address;
    try {
      this.warnOfPending();
      await kind();
    } catch (error) {
      journal.fail("", textOf(error));
    } finally {
      await this.providers.end();
      engine.close();
    }
    if (gate.stopped && journal.failures === 0)
      journal.fail("", "the run was cancelled");
  }

  private warnOfPending(): void {
    const { pending } = this.state;
    if (pending.length === 0) return;
    const listed = pending.map(
      ({ urn, operation }) => `  * ${urn}, interrupted while ${operation}`,
    );
    const message = `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${listed.join("\n")}\nRun \`pulumi refresh\` to clear them.`;
    this.journal.say("warning", "", message);
  }

  /** preview and up */
  async update(): Promise<void> {
    const { journal, upkeep, state, side } = this;
    await refresh(upkeep, (one) => one.refreshBeforeUpdate === true);
    if (journal.failures > 0 || this.gate.stopped) return;
    await this.runProgram();
    if (journal.failures > 0 || this.gate.stopped) return;
    const gone = state.resources.filter(
      ({ urn, delete: isReplaced }) =>
        urn !== this.stackUrn &&
        (isReplaced === true || (!side.seen.has(urn) && upkeep.isTarget(urn))),
    );
    await removeAll(upkeep, gone);
    if (journal.failures === 0) state.dropProviders(this.providers.used);
  }

  async refresh(): Promise<void> {
    const { journal, state } = this;
    await refresh(this.upkeep, () => true);
    journal.settleRefresh();
    const root = state.find(this.stackUrn);
    if (root !== undefined) journal.step("same", root.urn);
    if (journal.failures === 0) state.forgetPending();
    this.outputs = root?.outputs ?? {};
  }

  async destroy(): Promise<void> {
    const { journal, upkeep, state } = this;
    await refresh(upkeep, (one) => one.refreshBeforeUpdate === true);
    if (journal.failures > 0) return;
    await removeAll(
      upkeep,
      state.resources.filter((one) => upkeep.isTarget(one.urn)),
    );
    state.dropProviders(new Set());
  }

  /** `pulumi import`: what is there becomes a protected resource of the stack. */
  async import(type: string, name: string, id: string): Promise<void> {
    const { project, stack } = this.settings;
    const { journal, state } = this;
    this.putStack();
    const provider = await this.side.defaultProvider(packageOf(type), "");
    const urn = makeUrn({ project, stack, type, name });
    const calls = new ResourceCalls(provider, urn);
    const found = await calls.read(id);
    if (found === undefined) throw new Error(`resource '${id}' does not exist`);
    const { inputs } = found;
    if (inputs === undefined)
      throw new Error("provider does not support importing resources");
    await calls.check(inputs, inputs).catch((error: unknown) => {
      const message = textOf(error);
      journal.say("warning", urn, message);
    });
    journal.step("import", urn);
    state.put({
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
  async schema(type: string): Promise<void> {
    const { process } = await this.parts.launcher.launch(packageOf(type));
    await process.call("GetSchema", {});
    await process.call("GetPluginInfo", {});
    await process.end();
  }

  private putStack(): void {
    const { state, journal, stackUrn: urn } = this;
    if (state.find(urn) !== undefined) return;
    journal.step("create", urn);
    const nothing = { inputs: {}, outputs: {} };
    const lists = { dependencies: [], ignoreChanges: [] };
    state.put({ urn, id: "", custom: false, ...nothing, ...lists });
  }

  private async runProgram(): Promise<void> {
    const { settings, gate, side } = this;
    const monitor = await serveMonitor(side);
    const running = runProgram(
      {
        ...settings,
        preview: this.run.preview,
        monitorAddress: monitor.address,
        engineAddress: this.parts.launcher.engineAddress,
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
    this.outputs = side.stackOutputs;
  }

  private async programFailed(exitCode: number | null): Promise<void> {
    const { journal, gate, programOutput } = this;
    gate.stop();
    await gate.drained;
    const isError = ({ severity }: { severity: string }): boolean =>
      severity === "error";
    if (journal.diagnostics.some(isError)) journal.failures += 1;
    else
      journal.fail(
        "",
        `the program ended with exit code ${exitCode}\n${programOutput}`,
      );
  }

  /** ^C: nothing new begins, providers are told to stop what they do. */
  async cancel(): Promise<void> {
    this.gate.stop();
    await this.providers.cancel();
  }

  /** A second ^C: everything ends at once, and state keeps what was pending. */
  abandon(): void {
    this.state.freeze();
    this.gate.stop();
    this.providers.kill();
    this.program.abort();
  }
}

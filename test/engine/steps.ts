import { brokenPlan, differenceOf, type Difference } from "./differences";
import type { Gate, Limit } from "./gate";
import { keepIgnored } from "./path";
import { mustMove } from "./moves";
import type { Configured } from "./providers";
import type { Answer, Registration } from "./registration";
import type { Journal, Op, Plan } from "./report";
import { InitError, ResourceCalls } from "./resourceCalls";
import { resourceOf, type Result, type Subject } from "./subject";
import type { PendingOperation, Resource, State } from "./state";
import { textOf } from "./textOf";
import type { Properties } from "./values";

export interface StepsOptions {
  readonly state: State;
  readonly journal: Journal;
  readonly gate: Gate;
  /** one at a time: Check and Diff */
  readonly serial: Limit;
  /** a few at a time: everything that may take long */
  readonly work: Limit;
  readonly preview: boolean;
  readonly plan?: Plan | undefined;
  readonly isTarget: (urn: string) => boolean;
}

type Work = () => Promise<Answer>;

/** Says where an error of a step came from, as the engine does in a preview. */
export function stepError(error: unknown, preview: boolean): Error {
  const message = textOf(error);
  return new Error(preview ? `Preview failed: ${message}` : message, {
    cause: error,
  });
}

/** Decides what is to be done for each resource, in turn, and does it, in parallel. */
export class Steps {
  constructor(private readonly options: StepsOptions) {}

  async register(wanted: Registration, provider: Configured): Promise<Answer> {
    const { serial, work, gate } = this.options;
    const calls = new ResourceCalls(provider, wanted.urn);
    const next = await serial(() =>
      gate.enter(() => this.decide({ wanted, provider, calls })),
    );
    return work(() => gate.enter(() => this.apply(next)));
  }

  private async apply(work: Work): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      throw stepError(error, this.options.preview);
    }
  }

  /** Check, Diff, and what follows from them. */
  private async decide(subject: Subject): Promise<Work> {
    const { wanted, provider } = subject;
    const old = this.former(wanted);
    if (!this.options.isTarget(wanted.urn)) return this.untargeted(wanted, old);
    if (wanted.importId !== undefined && old === undefined)
      return this.import(subject);
    const news =
      old === undefined
        ? wanted.inputs
        : keepIgnored(wanted.inputs, old.inputs, wanted.ignoreChanges);
    const inputs = await subject.calls.check(old?.inputs, news);
    if (old === undefined) return this.create(subject, inputs);
    const moves = await mustMove(old, provider, this.options.state);
    const difference = await this.compare(subject, old, inputs);
    if (moves || difference.replace)
      return this.replace(subject, { old, news, difference });
    return this.update(subject, { old, inputs, difference });
  }

  private former({ urn, aliases }: Registration): Resource | undefined {
    const urns = [urn, ...aliases];
    return urns.map((one) => this.options.state.find(one)).find((one) => one);
  }

  private untargeted(wanted: Registration, old: Resource | undefined): Work {
    if (old === undefined)
      return () => Promise.resolve({ id: "", outputs: wanted.inputs });
    this.options.journal.step("same", wanted.urn);
    return () => Promise.resolve({ id: old.id, outputs: old.outputs });
  }

  private create(subject: Subject, inputs: Properties): Work {
    const { urn } = subject.wanted;
    this.announce({ op: "create", urn }, inputs);
    return () =>
      this.make(subject, inputs, (made) => this.options.state.put(made));
  }

  private async make(
    subject: Subject,
    inputs: Properties,
    put: (made: Resource) => void,
  ): Promise<Answer> {
    const { preview } = this.options;
    const { wanted, calls } = subject;
    const timeoutSeconds = wanted.timeouts.createSeconds;
    const operation = { urn: wanted.urn, operation: "creating" } as const;
    try {
      const made = await this.pending(operation, () =>
        calls.create(inputs, { preview, timeoutSeconds }),
      );
      return this.keep(subject, { made, inputs }, put);
    } catch (error) {
      if (error instanceof InitError && !preview)
        this.keep(subject, { made: error.made, inputs }, put);
      throw error;
    }
  }

  private async compare(
    { wanted, calls }: Subject,
    old: Resource,
    inputs: Properties,
  ): Promise<Difference> {
    const response = await calls.diff({
      id: old.id,
      olds: old.outputs,
      oldInputs: old.inputs,
      news: inputs,
      ignoreChanges: wanted.ignoreChanges,
    });
    const difference = differenceOf(response, old, inputs);
    const replacing = Object.keys(difference.diff).some((path) =>
      wanted.replaceOnChanges.some(
        (one) => one === "*" || path.startsWith(one),
      ),
    );
    return { ...difference, replace: difference.replace || replacing };
  }

  private update(
    subject: Subject,
    step: {
      readonly old: Resource;
      readonly inputs: Properties;
      readonly difference: Difference;
      readonly announced?: boolean;
    },
  ): Work {
    const { old, inputs, difference } = step;
    const { urn } = subject.wanted;
    const put = (made: Resource): void => this.options.state.put(made, old.urn);
    if (!difference.changed && old.initErrors === undefined) {
      if (step.announced !== true) this.announce({ op: "same", urn }, inputs);
      const made = {
        ...old,
        refreshBeforeUpdate: old.refreshBeforeUpdate === true,
      };
      return () =>
        Promise.resolve(
          this.keep(
            subject,
            { made: { ...made, initErrors: [] }, inputs },
            put,
          ),
        );
    }
    this.announce({ op: "update", urn, diff: difference.diff }, inputs);
    return () => this.change(subject, old, inputs);
  }

  private async change(
    subject: Subject,
    old: Resource,
    news: Properties,
  ): Promise<Answer> {
    const { preview, state } = this.options;
    const { wanted, calls } = subject;
    const { ignoreChanges } = wanted;
    const put = (made: Resource): void => state.put(made, old.urn);
    const timeoutSeconds = wanted.timeouts.updateSeconds;
    const operation = { urn: wanted.urn, operation: "updating" } as const;
    try {
      const made = await this.pending(operation, () =>
        calls.update(old, { news, ignoreChanges }, { preview, timeoutSeconds }),
      );
      return this.keep(
        subject,
        { made: { ...made, id: old.id }, inputs: news },
        put,
      );
    } catch (error) {
      // a half-done update keeps the old inputs, unless the provider says which it used
      if (error instanceof InitError && !preview) {
        const made = { ...error.made, id: old.id };
        const inputs = error.made.inputs ?? old.inputs;
        this.keep(subject, { made, inputs }, put);
      }
      throw error;
    }
  }

  private async replace(
    subject: Subject,
    step: {
      readonly old: Resource;
      readonly news: Properties;
      readonly difference: Difference;
    },
  ): Promise<Work> {
    const { old, news, difference } = step;
    const { wanted, calls } = subject;
    if (old.protect === true)
      throw new Error(
        `unable to replace resource "${old.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
      );
    // the second Check gets no olds, and its answer replaces the inputs wholly
    const inputs = await calls.check(undefined, news);
    const { urn } = wanted;
    this.announce({ op: "replace", urn, diff: difference.diff }, inputs);
    const first = wanted.deleteBeforeReplace || difference.deleteBeforeReplace;
    const put = (made: Resource): void =>
      first
        ? this.options.state.put(made)
        : this.options.state.replace(old, made);
    return async () => {
      if (first && !this.options.preview) await calls.remove(old);
      return this.make(subject, inputs, put);
    };
  }

  private async import(subject: Subject): Promise<Work> {
    const { wanted, calls } = subject;
    const id = wanted.importId ?? "";
    const found = await this.options.work(() => calls.read(id));
    if (found === undefined) throw new Error(`resource '${id}' does not exist`);
    if (found.inputs === undefined)
      throw new Error(
        "provider does not support importing resources; please try updating the 'artifact-mirror' plugin",
      );
    const old = resourceOf(subject, { made: found, inputs: found.inputs });
    const inputs = await calls.check(
      old.inputs,
      keepIgnored(wanted.inputs, old.inputs, wanted.ignoreChanges),
    );
    this.announce({ op: "import", urn: wanted.urn }, inputs);
    const difference = await this.compare(subject, old, inputs);
    this.options.state.put(old);
    if (difference.changed)
      return this.update(subject, { old, inputs, difference, announced: true });
    return () => Promise.resolve({ id: old.id, outputs: old.outputs });
  }

  private announce(
    { op, urn, diff = {} }: { op: Op; urn: string; diff?: Difference["diff"] },
    inputs: Properties,
  ): void {
    const { plan, journal } = this.options;
    journal.plan[urn] = { op, inputs };
    const broken = plan && brokenPlan(plan[urn], { op, inputs });
    if (broken !== undefined)
      throw new Error(`resource ${urn} violates plan: ${broken}`);
    journal.step(op, urn, diff);
  }

  private pending<T>(
    operation: PendingOperation,
    work: () => Promise<T>,
  ): Promise<T> {
    const { state, preview } = this.options;
    return preview ? work() : state.pendingWhile(operation, work);
  }

  private keep(
    subject: Subject,
    result: Result,
    put: (made: Resource) => void,
  ): Answer {
    const resource = resourceOf(subject, result);
    put(resource);
    return { id: resource.id, outputs: resource.outputs };
  }
}

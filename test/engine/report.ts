import type { Answer } from "./registration";
import type { Method } from "./methods";
import type { Json, Properties } from "./values";
import type { Checkpoint } from "./state";

export type Op =
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "delete-replaced"
  | "same"
  | "refresh"
  | "import"
  | "read";

/** One property in a detailed diff; `old` and `new` hold `[secret]` and `[unknown]` where the engine would print so. */
export interface PropertyChange {
  readonly kind: string;
  readonly old?: Json | undefined;
  readonly new?: Json | undefined;
}

export interface Step {
  readonly op: Op;
  readonly urn: string;
  readonly diff: Readonly<Record<string, PropertyChange>>;
  /** the step was begun, and failed */
  failed?: true;
}

export interface Diagnostic {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly urn: string;
  readonly message: string;
  readonly ephemeral: boolean;
}

/** One call of a provider, as it went over the wire. `instance` counts the processes of a run from 1. */
export interface ProviderCall {
  readonly instance: number;
  readonly plugin: string;
  readonly method: Method;
  readonly request: Properties;
  response?: Properties;
  error?: string;
  /** milliseconds since the run began */
  readonly startedMs: number;
  endedMs?: number;
}

/** What an update plan remembers of a resource. */
export interface PlannedResource {
  readonly op: Op;
  readonly inputs: Properties;
}
export type Plan = Readonly<Record<string, PlannedResource>>;

/** What one run of the engine came to. */
export interface Report {
  readonly exitCode: number;
  readonly steps: readonly Step[];
  readonly outputs: Properties;
  readonly diagnostics: readonly Diagnostic[];
  /** what a command line would print */
  readonly text: string;
  readonly calls: readonly ProviderCall[];
  /** the state as it is written to the state file: secrets are encrypted */
  readonly state: Checkpoint;
  readonly plan: Plan;
  /** what the program was told of its resources, by URN: wire values, secrets in clear */
  readonly answers: Readonly<Record<string, Answer>>;
  /** what the program printed to stdout and stderr */
  readonly programOutput: string;
}

/** Collects what happens in a run. */
export class Journal {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly calls: ProviderCall[] = [];
  readonly plan: Record<string, PlannedResource> = {};
  readonly answers: Record<string, Answer> = {};
  /** how many steps or resources failed; an ERROR that a provider only logged does not count */
  failures = 0;
  private readonly began = performance.now();

  elapsedMs(): number {
    return performance.now() - this.began;
  }

  step(op: Op, urn: string, diff: Step["diff"] = {}): void {
    this.steps.push({ op, urn, diff });
  }

  /** After a refresh alone, what differed was updated in state, and what was gone was deleted from it. */
  settleRefresh(): void {
    for (const [at, { urn, diff }] of this.steps.entries()) {
      const isSame = Object.keys(diff).length === 0;
      const op = isSame ? "same" : diff[""] === undefined ? "update" : "delete";
      this.steps[at] = { op, urn, diff };
    }
  }

  forgetSteps(): void {
    this.steps.length = 0;
    this.diagnostics.length = 0;
  }

  say(severity: Diagnostic["severity"], urn: string, message: string): void {
    this.diagnostics.push({ severity, urn, message, ephemeral: false });
  }

  fail(urn: string, message: string): void {
    this.failures += 1;
    for (const step of this.steps) if (step.urn === urn) step.failed = true;
    this.say("error", urn, message);
  }
}

import { status } from "@grpc/grpc-js";
import { MirrorError } from "../../mirror/errors";
import type { Failure, Lifecycle, Values } from "../../mirror/lifecycle";
import type { Send } from "../../mirror/ports";
import type { FunctionKind } from "../../functions/kind";
import type { ResourceKind } from "../../resources/kind";
import type { World } from "../../resources/world";
import { type MarkedValues, secretTexts } from "../marked";
import { type Redact, redactor } from "../redact";
import type { PackageSchema } from "./schemaTypes";
import { Destinations } from "./destinations";
import type { Engine } from "./engineLog";
import { CallFailure } from "./failure";

/** The heavy half of the plugin, loaded when the first call needs it. */
export interface Provider {
  readonly resources: readonly ResourceKind[];
  readonly functions: readonly FunctionKind[];
  readonly schema: PackageSchema;
  /** of the provider's configuration: the names that a message may show with their value */
  readonly openConfig: ReadonlySet<string>;
  /** the same of a kind's inputs */
  readonly openInputs: (kind: ResourceKind) => ReadonlySet<string>;
  /** What is wrong with a configuration that has no unknown values. */
  check(config: Values): readonly Failure[];
  /** What Check changes in such a configuration, and what is wrong with its shared policies. Reads files, asks nobody. */
  pin(config: Values): Promise<{
    readonly changes: Values;
    readonly failures: readonly Failure[];
  }>;
  /** What a checked configuration opens; asks nobody. */
  open(config: Values): Opened;
}

export interface Opened {
  readonly world: World;
  readonly send: Send;
  readonly refreshBeforeUpdate: boolean;
}

interface Configured extends Opened {
  /** every secret of the configuration, for the redactor */
  readonly secrets: readonly string[];
  readonly destinations: Destinations;
  readonly opened: Map<string, Resource>;
}

/** A kind of resource, alive in the configured world. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly lifecycle: Lifecycle;
  /** inputs that a message may show with their value */
  readonly openInputs: ReadonlySet<string>;
}

/** What this process was told: by whom it was started, how it was configured, whether to stop. */
export class Session {
  #engine: Engine | undefined;
  #engineRefreshes = false;
  #configured: Configured | undefined;
  #cancel = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(readonly load: () => Promise<Provider>) {}

  /** Handshake or Attach. */
  meet(engine: Engine): void {
    this.#engine?.close();
    this.#engine = engine;
    this.#cancel = new AbortController();
  }

  /** Handshake: an engine that does not know the flag would refuse the stack. */
  setEngineRefreshes(engineRefreshes: boolean): void {
    this.#engineRefreshes = engineRefreshes;
  }

  configure(opened: Opened, secrets: readonly string[]): void {
    this.#cancel = new AbortController();
    this.#configured = {
      ...opened,
      secrets,
      destinations: new Destinations(),
      opened: new Map(),
    };
  }

  /** Stops whatever runs; again and again, if need be. */
  cancel(): void {
    this.#cancel.abort(
      new MirrorError({
        fault: "cancelled",
        code: "CANCELLED",
        what: "stopped before the end",
        why: "the run was cancelled",
        remedy:
          "run it again: what has arrived already is not copied a second time",
      }),
    );
  }

  /** Counts a call as running until it has its answer. */
  during<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = work();
    const ended = answer
      .catch(() => undefined) // whoever asked hears of it
      .finally(() => this.#running.delete(ended));
    this.#running.add(ended);
    return answer;
  }

  /** Cancels, and waits until nothing runs any more; each call sees to it that this is soon. */
  async stop(): Promise<void> {
    this.cancel();
    await Promise.all(this.#running);
  }

  close(): void {
    this.cancel();
    this.#engine?.close();
    this.#engine = undefined;
  }

  get engine(): Engine | undefined {
    return this.#engine;
  }

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Takes out the configuration's secrets, and those that these values are marked with. */
  redactor(values: readonly MarkedValues[] = []): Redact {
    const secrets = this.#configured?.secrets ?? [];
    return redactor([...secrets, ...values.flatMap(secretTexts)]);
  }

  get configured(): Configured {
    if (this.#configured) return this.#configured;
    throw new CallFailure(
      status.FAILED_PRECONDITION,
      "the provider was not configured before it was asked",
    );
  }

  get refreshBeforeUpdate(): boolean {
    return this.#engineRefreshes && this.configured.refreshBeforeUpdate;
  }

  async resource(type: string): Promise<Resource> {
    const { resources, openInputs } = await this.load();
    const { opened, world } = this.configured;
    const kind = resources.find(({ token }) => token === type);
    if (kind === undefined) throw unknownType(type, resources);
    const resource = opened.get(type) ?? {
      kind,
      lifecycle: kind.lifecycle(world),
      openInputs: openInputs(kind),
    };
    opened.set(type, resource);
    return resource;
  }

  async function(token: string): Promise<FunctionKind> {
    const { functions } = await this.load();
    const found = functions.find((kind) => kind.token === token);
    if (found === undefined) throw unknownFunction(token, functions);
    return found;
  }
}

function unknownFunction(
  token: string,
  functions: readonly FunctionKind[],
): CallFailure {
  const known = functions.map((kind) => kind.token).join(", ");
  return new CallFailure(
    status.UNKNOWN,
    `artifact-mirror has no function ${token}: this version knows ${known}; bring SDK and plugin to one version`,
  );
}

function unknownType(
  type: string,
  resources: readonly ResourceKind[],
): CallFailure {
  const known = resources.map(({ token }) => token).join(", ");
  return new CallFailure(
    status.UNKNOWN,
    `artifact-mirror has no resource ${type}: this version knows ${known}; bring SDK and plugin to one version`,
  );
}

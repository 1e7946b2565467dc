import { MirrorError } from "../mirror/errors";
import { textOf } from "../mirror/textOf";
import {
  type Call,
  type Failure,
  type Lifecycle,
  type Message,
  PartialError,
  type Values,
} from "../mirror/lifecycle";
import type { DynamicParts } from "./dynamicParts";
import { givenConfig, type ConfigureRequest } from "./givenConfig";
import { readConfig, secretConfigTexts } from "./configText";
import { declaredDigests, declaredName, oldInputsFrom } from "./declared";
import {
  decodeValues,
  encodeValues,
  type MarkedValues,
  overlayValues,
  plainValues,
  type WireValues,
} from "./marked";
import { type Redact, redactor } from "./redact";
import { isSameValue } from "./sameValue";

type Opened = ReturnType<DynamicParts["open"]> & { readonly redact: Redact };

/** A failure as `pulumi.dynamic` wants it, when a resource was made in part. */
class InitFailedError extends Error {
  constructor(
    readonly id: string,
    readonly properties: WireValues,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }
}

/** Inputs of which the verdict is made. */
const judgedInputs = ["source", "digest", "policy", "platforms", "evidence"];

/** The lifecycle as `pulumi.dynamic` calls it. Values arrive as plain JSON, secrets included, and unknown ones as sentinels. */
export class DynamicHost {
  #open: () => Opened = () => {
    throw new Error("the dynamic provider was not configured");
  };

  constructor(readonly parts: DynamicParts) {}

  /** Opens at once, within one turn of the event loop: Pulumi lets a second call in before this one has ended. */
  async configure({ config }: ConfigureRequest): Promise<void> {
    const values = readConfig(givenConfig(config, this.parts.configNames));
    const redact = redactor(secretConfigTexts(values, process.env));
    const reasons = this.parts
      .check(plainValues(values))
      .map(({ property, reason }) => `artifact-mirror:${property}: ${reason}`);
    if (reasons.length > 0) {
      this.#open = () => {
        throw new Error(redact(reasons.join("; ")));
      };
    } else {
      const opened = { ...this.parts.open(plainValues(values)), redact };
      this.#open = () => opened;
    }
    this.#open();
  }

  /** Validates, completes, and judges what is new: Create is not called in preview. */
  async check(
    olds: WireValues,
    news: WireValues,
  ): Promise<{ inputs: WireValues; failures: Failure[] }> {
    return this.#turn(async (call, { lifecycle, redact }) => {
      const before = given(olds);
      const marked = ours(news);
      const checked = await lifecycle.check(call, {
        ...(before && { olds: before }),
        news: plainValues(marked),
      });
      const inputs = overlayValues(marked, checked.inputs);
      const failures = [...checked.failures, ...lacking(plainValues(marked))];
      const judged =
        failures.length > 0
          ? { changes: {}, failures }
          : await judge({ lifecycle, call }, before, plainValues(inputs));
      return {
        inputs: encodeValues(overlayValues(inputs, judged.changes)),
        failures: judged.failures.map((failure) => unnamed(failure, redact)),
      };
    });
  }

  /** What differs, by top-level name: the protocol takes no more. */
  async diff(_: string, olds: WireValues, news: WireValues) {
    return this.#turn(async (_, { lifecycle }) => {
      const state = plainValues(ours(olds));
      const inputs = plainValues(ours(news));
      const oldInputs = oldInputsFrom(state, inputs);
      const desired = { inputs, oldInputs, state, ignoreChanges: [] };
      const changes = lifecycle.pending(desired);
      const replaced = changes
        .filter(({ kind }) => kind.endsWith("-replace"))
        .map(({ path }) => path);
      return {
        changes: changes.length > 0,
        replaces: replaced,
        deleteBeforeReplace: false,
      };
    });
  }

  async create(inputs: WireValues): Promise<{ id: string; outs: WireValues }> {
    return this.#turn(async (call, { lifecycle }) => {
      const desired = { inputs: plainValues(ours(inputs)), ignoreChanges: [] };
      const { id, state } = await lifecycle.apply(call, desired);
      return { id, outs: outsOf(state, desired.inputs) };
    });
  }

  async update(
    _: string,
    olds: WireValues,
    news: WireValues,
  ): Promise<{ outs: WireValues }> {
    return this.#turn(async (call, { lifecycle }) => {
      const state = plainValues(ours(olds));
      const inputs = plainValues(ours(news));
      const oldInputs = oldInputsFrom(state, inputs);
      const desired = { inputs, oldInputs, state, ignoreChanges: [] };
      const applied = await lifecycle.apply(call, desired);
      return { outs: outsOf(applied.state, inputs) };
    });
  }

  /** What is really there; an empty id says that it is gone. Answers no inputs, because it was handed none. */
  async read(
    id: string,
    props: WireValues,
  ): Promise<{ id: string; props: WireValues }> {
    return this.#turn(async (call, { lifecycle }) => {
      const state = plainValues(ours(props));
      const observed = await lifecycle.observe(call, { id, state });
      if (observed === undefined) return { id: "", props: {} };
      const declared: Values = { [declaredName]: state[declaredName] };
      return {
        id: observed.id,
        props: encodeValues({ ...observed.state, ...declared }),
      };
    });
  }

  /** A function's answer, for the program itself: this protocol has no such call. */
  async ask(args: WireValues): Promise<WireValues> {
    return this.#turn(async (call, opened) => {
      const answer = await opened.ask(call, plainValues(decodeValues(args)));
      if ("values" in answer) return encodeValues(answer.values);
      const reasons = answer.failures.map(
        ({ property, reason }) => `${property}: ${reason}`,
      );
      throw new Error(reasons.join("; "));
    });
  }

  async delete(id: string, props: WireValues): Promise<void> {
    return this.#turn((call, { lifecycle }) =>
      lifecycle.remove(call, { id, state: plainValues(ours(props)) }),
    );
  }

  /** Runs one call. What it throws is printed with its stack by Pulumi, so the error is made anew, without a secret. */
  async #turn<Answer>(
    work: (call: Call, opened: Opened) => Promise<Answer>,
  ): Promise<Answer> {
    const opened = this.#open();
    const { redact, send } = opened;
    const tell = (message: Message) => {
      if (message.kind !== "progress") {
        this.parts.print(`${message.kind}: ${redact(message.text)}`);
      }
    };
    // this protocol knows no cancel: the process ends instead
    const { signal } = new AbortController();
    try {
      const reach = { send, signal, now: () => new Date() };
      return await work({ reach, tell }, opened);
    } catch (error) {
      throw clean(error, redact);
    }
  }
}

/** This protocol's Read sees no inputs, and so no cooldown: nothing would ever be old enough. */
function lacking({ minAge }: Values): Failure[] {
  const reason =
    "the dynamic form has no cooldown: use the MirroredArtifact of the plugin";
  return minAge === undefined ? [] : [{ property: "minAge", reason }];
}

/** A refusal is a failure of the check; `onRefused: "keep"` holds what is mirrored at its old digest. */
async function judge(
  { lifecycle, call }: { readonly lifecycle: Lifecycle; readonly call: Call },
  before: Values | undefined,
  inputs: Values,
): Promise<{ changes: Values; failures: readonly Failure[] }> {
  const isSame =
    before !== undefined &&
    judgedInputs.every((name) => isSameValue(before[name], inputs[name]));
  if (isSame && !usesShared(inputs)) return { changes: {}, failures: [] };
  try {
    await lifecycle.plan(call, { inputs, ignoreChanges: [] });
    return { changes: {}, failures: [] };
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    const digest = before?.["digest"];
    if (!isTolerated(error, inputs, isSame) || typeof digest !== "string") {
      return {
        changes: {},
        failures: [{ property: "", reason: error.message }],
      };
    }
    call.tell({ kind: "warning", text: `kept at ${digest}: ${error.message}` });
    return { changes: { digest }, failures: [] };
  }
}

/** What an artifact that is mirrored may live through: a refusal if it says so, and a silence where nothing of its own changed. */
function isTolerated(
  { fault }: MirrorError,
  { onRefused, onSourceUnavailable }: Values,
  isSame: boolean,
): boolean {
  return fault === "refused"
    ? onRefused === "keep"
    : isSame && onSourceUnavailable !== "error";
}

/** A shared policy may have changed though the inputs did not: what it says now is in the configuration. */
function usesShared({ policy }: Values): boolean {
  return typeof policy === "object" && "use" in policy;
}

/** Pulumi prints the value of a property that is named without a path, secret or not, and `{<nil>}` for one with a path: the name goes into the reason. */
function unnamed({ property, reason }: Failure, redact: Redact): Failure {
  const text = property === "" ? reason : `${property}: ${reason}`;
  return { property: "", reason: redact(text) };
}

function clean(error: unknown, redact: Redact): Error {
  if (error instanceof PartialError) {
    const { id, state, inputs } = error.done;
    const properties = outsOf(state, inputs);
    return new InitFailedError(id, properties, error.reasons.map(redact));
  }
  return new Error(redact(textOf(error)));
}

function outsOf(state: Values, inputs: Values): WireValues {
  return encodeValues({ ...state, [declaredName]: declaredDigests(inputs) });
}

/** Without the text of the provider, which Pulumi keeps among the properties. */
function ours(wire: WireValues): MarkedValues {
  const { __provider: _, ...values } = wire;
  return decodeValues(values);
}

function given(olds: WireValues): Values | undefined {
  const values = plainValues(ours(olds));
  return Object.keys(values).length > 0 ? values : undefined;
}

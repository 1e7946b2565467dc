import type { Reach } from "./ports";

/** A value that is not known yet in preview. Hosts translate every wire form of it to this one. */
export const unknown: unique symbol = Symbol("unknown");

/** Plain JSON, `undefined` for absent members, and `unknown`. Secrets are unwrapped by the host, which keeps track of them. */
export type Value =
  | string
  | number
  | boolean
  | undefined
  | typeof unknown
  | readonly Value[]
  | { readonly [name: string]: Value };
/** The inputs or outputs of one resource, by name. */
export type Values = { readonly [name: string]: Value };

/** Whether a value is, or holds, `unknown`. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (typeof value !== "object") return false;
  return Object.values(value).some(hasUnknown);
}

/** The names of values that are, or hold, `unknown`. */
export function unknownNames(values: Values): string[] {
  return Object.keys(values).filter((name) => hasUnknown(values[name]));
}

/** What a resource says while it works; the host finds the words' way to the user. */
export type Message =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "info" | "warning"; readonly text: string };

/** One Pulumi call. */
export interface Call {
  readonly reach: Reach;
  tell(message: Message): void;
}

/** Something wrong with an input. `property` is a path: `policy.signedBy[0].key.publicKey`. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** One property that would change. `path` addresses old outputs and new inputs, or old and new inputs with `inputDiff`. */
export interface Change {
  readonly path: string;
  readonly kind:
    | "add"
    | "update"
    | "delete"
    | "add-replace"
    | "update-replace"
    | "delete-replace";
  readonly inputDiff: boolean;
}

/** What the program asks for, beside what is known of the resource. */
export interface Desired {
  /** checked inputs */
  readonly inputs: Values;
  /** outputs of the last up or refresh; absent for a new resource */
  readonly state?: Values;
  readonly oldInputs?: Values;
  readonly ignoreChanges: readonly string[];
}

/** What Read answers: the resource as it is now. */
export interface Observed {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
}

/** What both hosts drive. `plan`, `check` and `observe` read; `apply` and `remove` write; nothing else does. */
export interface Lifecycle {
  /** Validates and completes inputs. `inputs` holds only what is to be added or changed in `news`. */
  check(
    call: Call,
    values: { readonly olds?: Values; readonly news: Values },
  ): Promise<{ inputs: Values; failures: readonly Failure[] }>;
  /** What `apply` would do: its outputs, with `unknown` where that cannot be told. Throws what `apply` would refuse. */
  plan(call: Call, desired: Desired): Promise<Values>;
  /** Pure: what differs. */
  pending(desired: Desired & { readonly state: Values }): readonly Change[];
  apply(call: Call, desired: Desired): Promise<{ id: string; state: Values }>;
  /** What is really there. `undefined` only when absence is proven. Without `state`, an import by id. */
  observe(
    call: Call,
    seen: {
      readonly id: string;
      readonly inputs?: Values;
      readonly state?: Values;
    },
  ): Promise<Observed | undefined>;
  remove(
    call: Call,
    gone: {
      readonly id: string;
      readonly state: Values;
      readonly oldInputs?: Values;
    },
  ): Promise<void>;
}

/** Work that was done in part: the host saves `state` and the next run resumes. */
export class PartialError extends Error {
  override readonly name = "PartialError";

  constructor(
    readonly done: {
      readonly id: string;
      readonly state: Values;
      readonly inputs: Values;
    },
    readonly reasons: readonly string[],
    options?: ErrorOptions,
  ) {
    super(reasons.join("; "), options);
  }
}

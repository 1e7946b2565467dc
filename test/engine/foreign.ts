import type { Answer, Registration } from "./registration";
import type { Journal, Op } from "./report";
import type { Resource, State } from "./state";
import { hasUnknown, same, type Properties } from "./values";

/** What stands in for resources and functions of packages that have no plugin here. */
export interface Foreign {
  /** outputs of a resource by its type, beyond its inputs */
  readonly resources?: Readonly<
    Record<string, (inputs: Properties, name: string) => Properties>
  >;
  /** results of functions, by token */
  readonly functions?: Readonly<
    Record<string, (args: Properties) => Properties>
  >;
}

export interface ForeignOptions {
  readonly state: State;
  readonly journal: Journal;
  readonly preview: boolean;
  readonly foreign: Foreign;
}

/** Pretends to manage a resource of somebody else: in preview, what a create would answer is unknown. */
export function simulate(
  wanted: Registration,
  { state, journal, preview, foreign }: ForeignOptions,
): Answer {
  const { urn, type, name, inputs, custom } = wanted;
  const old = state.find(urn);
  journal.step(opFor(old, inputs), urn);
  const isKnown = !preview || (old !== undefined && !hasUnknown(inputs));
  const made = isKnown ? foreign.resources?.[type]?.(inputs, name) : undefined;
  const outputs = { ...inputs, ...made };
  const id = custom ? (old?.id ?? (preview ? "" : `${name}-id`)) : "";
  const { dependencies, ignoreChanges } = wanted;
  state.put({ urn, id, custom, inputs, outputs, dependencies, ignoreChanges });
  return { id, outputs };
}

function opFor(old: Resource | undefined, inputs: Properties): Op {
  if (old === undefined) return "create";
  return same(old.inputs, inputs) ? "same" : "update";
}

import type { Answer, Registration } from "./registration";
import type { Journal } from "./report";
import type { State } from "./state";
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
  const unchanged = old !== undefined && same(old.inputs, inputs);
  journal.step(
    old === undefined ? "create" : unchanged ? "same" : "update",
    urn,
  );
  const made = foreign.resources?.[type];
  const known = !preview || (old !== undefined && !hasUnknown(inputs));
  const outputs = known ? { ...inputs, ...made?.(inputs, name) } : inputs;
  const id = custom ? (old?.id ?? (preview ? "" : `${name}-id`)) : "";
  const { dependencies, ignoreChanges } = wanted;
  state.put({ urn, id, custom, inputs, outputs, dependencies, ignoreChanges });
  return { id, outputs };
}

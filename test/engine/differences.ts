import { valueAt } from "./path";
import type { PlannedResource, PropertyChange, Step } from "./report";
import type { Resource } from "./state";
import {
  isProperties,
  masked,
  same,
  type Json,
  type Properties,
} from "./values";

/** What a provider's Diff comes to. */
export interface Difference {
  readonly changed: boolean;
  readonly replace: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly diff: Step["diff"];
}

const shown = (value: Json | undefined): Json | undefined =>
  value === undefined ? undefined : masked(value);

const listed = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

/** Reads a Diff response as the engine does; a provider without an opinion is judged by its inputs. */
export function differenceOf(
  response: Properties,
  old: Resource,
  news: Properties,
): Difference {
  const details = response["detailedDiff"];
  const diff =
    isProperties(details) && Object.keys(details).length > 0
      ? detailed(details, old, news)
      : byInputs(old.inputs, news, listed(response["diffs"]));
  const unknown = ![`DIFF_NONE`, `DIFF_SOME`].includes(
    String(response["changes"]),
  );
  const changed = unknown
    ? !same(old.inputs, news)
    : response["changes"] === "DIFF_SOME";
  const kinds = Object.values(diff).map(({ kind }) => kind);
  return {
    changed,
    replace:
      changed &&
      (listed(response["replaces"]).length > 0 ||
        kinds.some((kind) => kind.endsWith("-replace"))),
    deleteBeforeReplace: response["deleteBeforeReplace"] === true,
    diff: changed ? diff : {},
  };
}

function detailed(
  details: Properties,
  old: Resource,
  news: Properties,
): Step["diff"] {
  const entries = Object.entries(details).map(
    ([path, detail]): [string, PropertyChange] => {
      const { kind, inputDiff } = isProperties(detail) ? detail : {};
      const before = inputDiff === true ? old.inputs : old.outputs;
      return [
        path,
        {
          kind: String(kind ?? "ADD")
            .toLowerCase()
            .replace("_", "-"),
          old: shown(valueAt(before, path)),
          new: shown(valueAt(news, path)),
        },
      ];
    },
  );
  return Object.fromEntries(entries);
}

/** Names that begin with two underscores are the engine's own, and never shown. */
function byInputs(
  olds: Properties,
  news: Properties,
  diffs: readonly string[],
): Step["diff"] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news), ...diffs]);
  const differing = [...names].filter(
    (name) =>
      !name.startsWith("__") &&
      (diffs.includes(name) || !same(olds[name], news[name])),
  );
  return Object.fromEntries(
    differing.map((name): [string, PropertyChange] => [
      name,
      {
        kind:
          olds[name] === undefined
            ? "add"
            : news[name] === undefined
              ? "delete"
              : "update",
        old: shown(olds[name]),
        new: shown(news[name]),
      },
    ]),
  );
}

/** How an update plan is violated, in the engine's words; undefined when it is kept. */
export function brokenPlan(
  planned: PlannedResource | undefined,
  { op, inputs }: PlannedResource,
): string | undefined {
  if (op === "same") return undefined;
  if (planned === undefined) return `${op} is not allowed by the plan`;
  return violation(planned.inputs, inputs);
}

function violation(
  planned: Properties,
  actual: Properties,
): string | undefined {
  const names = new Set([...Object.keys(planned), ...Object.keys(actual)]);
  const parts = [...names].flatMap((name) => {
    const [before, after] = [planned[name], actual[name]];
    if (before !== undefined && matchesPlan(before, after)) return [];
    if (before === undefined) return [`++${name}[${text(after)}]`];
    if (after === undefined) return [`--${name}[${text(before)}]`];
    return [`~~${name}[${text(before)}!=${text(after)}]`];
  });
  return parts.length === 0
    ? undefined
    : `properties changed: ${parts.join(", ")}`;
}

function matchesPlan(planned: Json, actual: Json | undefined): boolean {
  return (
    same(planned, actual) ||
    JSON.stringify(masked(planned)).includes("[unknown]")
  );
}

const text = (value: Json | undefined): string =>
  `{${JSON.stringify(shown(value))}}`;

import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from "yaml";
import { tooDeep, YamlValues, isMerge, type Spot } from "./yamlValues";
import type { LocatedProblem } from "./problem";

/** The largest file that is read: some fifty thousand entries. */
export const maxFileBytes = 16 * 1024 * 1024;

const maxErrors = 5;

/** A YAML file as plain values, and where each of them stands. */
export interface YamlFile {
  readonly value: unknown;
  /** the place of the word at a path, or of the nearest one around it */
  placeOf(path: readonly PropertyKey[]): {
    readonly line: number;
    readonly column: number;
  };
  /** how the scalar at a path is written: `1.10` where its value is 1.1 */
  sourceOf(path: readonly PropertyKey[]): string | undefined;
}

/** Reads YAML 1.2 with anchors and merge keys, strictly: what is written twice, or not at all, is a problem. */
export function readYaml(
  text: string,
):
  | { readonly file: YamlFile }
  | { readonly problems: readonly LocatedProblem[] } {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parse(text, lines);
  if (document === undefined) {
    return { problems: [{ path: [], line: 1, column: 1, reason: tooDeep }] };
  }
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    // whatever follows a first error may be its echo
    const first = broken.slice(0, maxErrors);
    return { problems: first.map((error) => toProblem(error, at)) };
  }
  if (document.contents === null) {
    const reason = "is empty: a file begins with `version: 1`";
    return { problems: [{ path: [], line: 1, column: 1, reason }] };
  }
  const values = new YamlValues(document.contents);
  if (values.findings.length > 0) {
    return {
      problems: values.findings.map(({ path, offset, reason }) => ({
        path,
        reason,
        ...at(offset),
      })),
    };
  }
  const spotOf = (path: readonly PropertyKey[]) =>
    find(values, document.contents, path);
  return {
    file: {
      value: values.value,
      placeOf: (path) => at(spotOf(path).offset),
      sourceOf: (path) => spotOf(path).source,
    },
  };
}

/** `undefined`: so deep that the parser's own recursion ends. */
function parse(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      logLevel: "error", // "silent" would let a second document pass
      prettyErrors: false,
      uniqueKeys: false, // quadratic; YamlValues looks itself
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function toProblem(
  { message, pos }: YAMLError,
  at: (offset: number) => { readonly line: number; readonly column: number },
): LocatedProblem {
  const reason = message.startsWith("Maximum call stack")
    ? tooDeep
    : `is not YAML: ${message}`;
  return { path: [], ...at(pos[0]), reason };
}

/** Where the word at a path stands: of a member, its name. */
function find(
  values: YamlValues,
  root: unknown,
  path: readonly PropertyKey[],
): Spot {
  let node = root;
  let spot: Spot = { offset: values.offsetOf(root), source: undefined };
  for (const step of path) {
    const below = stepInto(values, node, String(step));
    if (below === undefined) return { ...spot, source: undefined };
    node = values.target(below.value);
    spot = {
      offset: values.offsetOf(below.named),
      source: isScalar(node) ? node.source : undefined,
    };
  }
  return spot;
}

function stepInto(
  values: YamlValues,
  node: unknown,
  step: string,
): { readonly named: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { named: value, value };
  }
  if (!isMap(node)) return undefined;
  const own = values.membersOf(node).get(step);
  if (own) return { named: own.key, value: own.value };
  for (const { key, value } of node.items) {
    if (!isMerge(key, value)) continue;
    for (const merged of values.mergedBy(value)) {
      const found = stepInto(values, merged, step);
      if (found) return found;
    }
  }
  return undefined;
}

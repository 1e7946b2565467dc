import type { Problem } from "./problem";
import { estateShape, type EstateText } from "./shape";

const kinds: readonly PropertyKey[] = ["artifacts", "repositories"];

/** A file without the entries whose shape is wrong, so that the others are looked at, too; `undefined` where something around entries is wrong. */
export function wellShaped(
  value: unknown,
  misshapen: readonly Problem[],
): EstateText | undefined {
  const left = new Set<string>();
  for (const { path } of misshapen) {
    const entry = entryIn(path);
    if (entry === undefined) return undefined;
    left.add(JSON.stringify(entry));
  }
  return estateShape.safeParse(without(value, [], left)).data;
}

/** The part of a path that leads to an entry. */
function entryIn(path: readonly PropertyKey[]) {
  const [first, , third] = path;
  if (first !== undefined && kinds.includes(first) && path.length > 1)
    return path.slice(0, 2).map(String);
  const isInGroup = third !== undefined && kinds.includes(third);
  return first === "groups" && isInGroup && path.length > 3
    ? path.slice(0, 4).map(String)
    : undefined;
}

const deepest = 4;

function without(
  value: unknown,
  path: readonly string[],
  left: ReadonlySet<string>,
): unknown {
  const isLeaf = typeof value !== "object" || Array.isArray(value);
  if (isLeaf || value === null || path.length === deepest) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const below = [...path, name];
    return left.has(JSON.stringify(below))
      ? []
      : [[name, without(member, below, left)] as const];
  });
  return Object.fromEntries(members);
}

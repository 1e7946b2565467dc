import type { Value } from "../../mirror/lifecycle";
import { bareSchema, schemaBelow } from "../wordsAt";
import { isMaterial } from "./material";

/** One piece of trust material in what a user wrote. `path` begins at the whole. */
export interface Placed {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Every piece of trust material, as the schema marks them. */
export function materialsIn(
  schema: unknown,
  value: unknown,
  path: Placed["path"] = [],
): readonly Placed[] {
  const bare = bareSchema(schema);
  if (typeof value === "string") {
    return isMaterial(bare) ? [{ path, text: value }] : [];
  }
  return membersOf(value).flatMap(([step, member]) =>
    materialsIn(schemaBelow(bare, step), member, [...path, step]),
  );
}

/** The same with other texts at some paths. */
export function withTexts(value: Value, texts: readonly Placed[]): Value;
export function withTexts(value: unknown, texts: readonly Placed[]): unknown;
export function withTexts(value: unknown, texts: readonly Placed[]): unknown {
  const [here] = texts.filter(({ path }) => path.length === 0);
  if (here) return here.text;
  if (texts.length === 0) return value;
  const members = membersOf(value).map(
    ([step, member]) => [step, withTexts(member, below(texts, step))] as const,
  );
  return Array.isArray(value)
    ? members.map(([, member]) => member)
    : Object.fromEntries(members);
}

function below(texts: readonly Placed[], step: string | number): Placed[] {
  return texts
    .filter(({ path }) => path[0] === step)
    .map(({ path, text }) => ({ path: path.slice(1), text }));
}

function membersOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return [...value.entries()];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value);
}

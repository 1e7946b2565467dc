import type { ZodObject, ZodType } from "zod";
import {
  hasUnknown,
  unknown,
  type Failure,
  type Value,
  type Values,
} from "../mirror/lifecycle";
import { propertyPath } from "./propertyPath";
import { wordsAt } from "./wordsAt";

/** One thing that zod finds wrong. */
export type Issue = NonNullable<
  ReturnType<ZodType["safeParse"]>["error"]
>["issues"][number];

/** What is wrong with the shape of inputs, each at its property. Whatever depends on a value that is not known yet is left for later. */
export function checkShape(
  schema: ZodObject,
  values: Values,
): readonly Failure[] {
  const { error } = schema.safeParse(values);
  return (error?.issues ?? [])
    .filter((issue) => !waitsForUnknown(issue, values))
    .flatMap((issue) => failuresOf(issue, schema, values));
}

function waitsForUnknown(issue: Issue, values: Values): boolean {
  const value = valueAt(values, issue.path);
  if (value === unknown) return true;
  return issue.code === "custom" && hasUnknown(value);
}

/** The value at a path, or the `unknown` on the way to it. */
function valueAt(values: Values, path: readonly PropertyKey[]): Value {
  let value: Value = values;
  for (const step of path) {
    if (typeof value !== "object") return value;
    value = Object.entries(value).find(([key]) => key === String(step))?.[1];
  }
  return value;
}

function failuresOf(
  issue: Issue,
  schema: ZodObject,
  values: Values,
): readonly Failure[] {
  if (issue.code === "unrecognized_keys") {
    const known = wordsAt(schema, issue.path).join(", ");
    return issue.keys.map((key) => ({
      property: propertyPath([...issue.path, key]),
      reason: `is not known here${known && `; known are ${known}`}`,
    }));
  }
  const value = valueAt(values, issue.path);
  return [
    { property: propertyPath(issue.path), reason: reasonOf(issue, value) },
  ];
}

/** What is wrong with a value, in our words. */
export function reasonOf(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type") {
    const wanted = words[issue.expected] ?? issue.expected;
    return value === undefined
      ? `is missing: ${wanted} is needed`
      : `must be ${wanted}`;
  }
  if (issue.code === "invalid_value") {
    return `must be ${issue.values.map((word) => JSON.stringify(word)).join(" or ")}`;
  }
  return boundOf(issue) ?? issue.message;
}

/** How large or long a value may be, where the shape has no words of its own for it. */
function boundOf(issue: Issue): string | undefined {
  if (!/^Too (small|big): /.test(issue.message)) return undefined;
  if (issue.code === "too_small") {
    const empty = issue.minimum === 1 ? emptyWords[issue.origin] : undefined;
    return empty ?? `must ${sized(issue.origin, "at least", issue.minimum)}`;
  }
  return issue.code === "too_big"
    ? `must ${sized(issue.origin, "at most", issue.maximum)}`
    : undefined;
}

function sized(origin: string, bound: string, size: number | bigint): string {
  const unit = units[origin];
  return unit === undefined
    ? `be ${bound} ${size}`
    : `have ${bound} ${size} ${unit}`;
}

const emptyWords: Readonly<Record<string, string>> = {
  string: "is empty",
  array: "is an empty list: name at least one",
};

const units: Readonly<Record<string, string>> = {
  string: "characters",
  array: "entries",
};

const words: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

import { ZodObject, ZodUnion, type ZodType } from "zod";
import { reasonOf, type Issue } from "../../verifiers/checkShape";
import { bareSchema, schemaBelow } from "../../verifiers/wordsAt";
import type { Problem } from "./problem";

/** What is wrong with the shape of a value, each at its place. */
export function shapeProblems(
  schema: ZodType,
  value: unknown,
): readonly Problem[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) =>
    problemsOf(issue, { schema, root: value, above: [] }),
  );
}

interface Around {
  readonly schema: ZodType;
  readonly root: unknown;
  /** the path of the union in which the issue lies */
  readonly above: readonly PropertyKey[];
}

function problemsOf(issue: Issue, around: Around): readonly Problem[] {
  const path = [...around.above, ...issue.path];
  const value = valueAt(around.root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownWord(key, path, around.schema));
    case "invalid_key":
      return issue.issues.map(({ message: reason }) => ({ path, reason }));
    case "invalid_union":
      return unionProblems(issue.errors, path, around);
    default:
      return [{ path, reason: reasonOf(issue, value) }];
  }
}

/** The problems of the form that was meant, which is the one of the value's own kind. */
function unionProblems(
  forms: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
  around: Around,
): readonly Problem[] {
  const meant = forms.find((issues) => !issues.some(isOfOtherKind));
  if (meant) {
    const inside = { ...around, above: path };
    return meant.flatMap((issue) => problemsOf(issue, inside));
  }
  const kinds = forms.map(([first]) =>
    first ? reasonOf(first, null).replace("must be ", "") : "",
  );
  const wanted = kinds.join(" or ");
  return valueAt(around.root, path) === undefined
    ? [{ path, reason: `is missing: ${wanted} is needed` }]
    : [{ path, reason: `must be ${wanted}` }];
}

function isOfOtherKind({ code, path }: Issue): boolean {
  return code === "invalid_type" && path.length === 0;
}

function unknownWord(
  key: string,
  path: readonly PropertyKey[],
  schema: ZodType,
): Problem {
  const known = wordsAt(schema, path).join(", ");
  const reason = `is not known here; known are ${known}`;
  return { path: [...path, key], reason };
}

/** The words that an object may have at a path; of a value of several forms, those of the form that is an object. */
function wordsAt(
  schema: unknown,
  path: readonly PropertyKey[],
): readonly string[] {
  const forms = formsOf(schema);
  const [step, ...rest] = path;
  if (step === undefined) {
    return forms.flatMap((form) =>
      form instanceof ZodObject ? Object.keys(form.shape) : [],
    );
  }
  return forms.flatMap((form) => wordsAt(schemaBelow(form, step), rest));
}

function formsOf(schema: unknown): readonly unknown[] {
  const bare = bareSchema(schema);
  return bare instanceof ZodUnion ? bare.options.map(bareSchema) : [bare];
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(step))?.[1];
  }
  return value;
}

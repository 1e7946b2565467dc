import {
  ZodArray,
  ZodNullable,
  ZodObject,
  ZodOptional,
  ZodRecord,
  type ZodType,
} from "zod";

/** The properties that a schema knows at a path; none where it is not an object's. */
export function wordsAt(
  schema: ZodType,
  path: readonly PropertyKey[],
): readonly string[] {
  let here: unknown = bare(schema);
  for (const step of path) here = bare(below(here, step));
  return here instanceof ZodObject ? Object.keys(here.shape) : [];
}

function below(schema: unknown, step: PropertyKey): unknown {
  if (schema instanceof ZodObject) return schema.shape[String(step)];
  if (schema instanceof ZodArray) return schema.element;
  if (schema instanceof ZodRecord) return schema.valueType;
  return undefined;
}

function bare(schema: unknown): unknown {
  if (schema instanceof ZodOptional || schema instanceof ZodNullable) {
    return bare(schema.unwrap());
  }
  return schema;
}

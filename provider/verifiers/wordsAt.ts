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
  let here: unknown = bareSchema(schema);
  for (const step of path) here = bareSchema(schemaBelow(here, step));
  return here instanceof ZodObject ? Object.keys(here.shape) : [];
}

/** The schema of a member of what a bare schema describes; `undefined` for what it does not know. */
export function schemaBelow(schema: unknown, step: PropertyKey): unknown {
  if (schema instanceof ZodObject) return schema.shape[String(step)];
  if (schema instanceof ZodArray) return schema.element;
  if (schema instanceof ZodRecord) return schema.valueType;
  return undefined;
}

/** A schema without what only says that its value may be absent. */
export function bareSchema(schema: unknown): unknown {
  if (schema instanceof ZodOptional || schema instanceof ZodNullable) {
    return bareSchema(schema.unwrap());
  }
  return schema;
}

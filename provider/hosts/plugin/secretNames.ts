import type { ZodObject } from "zod";
import { shapeOf } from "./schemaShape";

/** The top-level properties that the shape calls secret, or that hold something secret at any depth. */
export function secretNames(object: ZodObject): ReadonlySet<string> {
  const { properties } = shapeOf(object, "a shape");
  const secret = Object.entries(properties).filter(([, spec]) => spec.secret);
  return new Set(secret.map(([name]) => name));
}

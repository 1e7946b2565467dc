import type { ZodObject } from "zod";
import { shapeOf } from "./schemaShape";

/** The properties that a message may show with their value: those the shape knows, and in which nothing is secret at any depth. */
export function openNames(object: ZodObject): ReadonlySet<string> {
  const { properties } = shapeOf(object, "a shape");
  const open = Object.entries(properties).filter(([, spec]) => !spec.secret);
  return new Set(open.map(([name]) => name));
}

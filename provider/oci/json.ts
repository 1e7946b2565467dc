import { foldCase, scan, type JsonValue } from "./jsonScanner";
import { MalformedError } from "./malformed";

/** Any JSON value; objects have no prototype, and every key once. */
export type Json = JsonValue;

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Bounds of a document. `integersOnly` refuses numbers written with a fraction, an exponent, as `-0`, or beyond 2^53-1. */
export interface ReadOptions {
  /** how many objects and arrays may be open at once; 16 */
  readonly maxDepth?: number;
  /** how many members and elements there may be in all; 1 000 000 */
  readonly maxItems?: number;
  readonly integersOnly?: boolean;
}

/**
 * Reads JSON so strictly that no other reader can see something else in it: valid UTF-8 without a byte order mark, no key
 * twice (nor two that differ in case only), no NUL and no lone surrogate, bounded depth, nothing behind it.
 * Throws `MalformedError` with rule `json`.
 */
export function readJson(bytes: Uint8Array, options: ReadOptions = {}): Json {
  const { maxDepth = 16, maxItems = 1_000_000, integersOnly = false } = options;
  return scan(decode(bytes), { maxDepth, maxItems, integersOnly });
}

function decode(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MalformedError("json", "not valid UTF-8", { cause });
  }
}

/** Refuses a key that is one of the known ones but for its case, because Go would read it as that one (N21–N23). */
export function refuseMiscased(
  object: JsonObject,
  known: readonly string[],
  at: string,
): void {
  const folded = new Map(known.map((name) => [foldCase(name), name]));
  for (const key of Object.keys(object)) {
    const name = folded.get(foldCase(key));
    if (name !== undefined && name !== key) {
      throw wrong(at, `has "${key}", which some readers take for "${name}"`);
    }
  }
}

/** The value as an object; throws when it is something else or absent. */
export function asObject(value: Json | undefined, at: string): JsonObject {
  if (isObject(value)) return value;
  throw wrong(at, "must be an object");
}

/** The value as an array; throws when it is something else or absent. */
export function asArray(value: Json | undefined, at: string): readonly Json[] {
  if (isArray(value)) return value;
  throw wrong(at, "must be an array");
}

/** The value as a string; throws when it is something else or absent. */
export function asString(value: Json | undefined, at: string): string {
  if (typeof value === "string") return value;
  throw wrong(at, "must be a string");
}

/** The value as a number of bytes or the like: a whole one from 0 to 2^53-1. Read the document with `integersOnly`. */
export function integer(value: Json | undefined, at: string): number {
  const whole = typeof value === "number" && Number.isSafeInteger(value);
  if (whole && value >= 0 && !Object.is(value, -0)) return value;
  throw wrong(at, "must be a whole number from 0 to 2^53-1");
}

/** A member that may be absent, or null, which Go reads as absent. */
export function optional(object: JsonObject, key: string): Json | undefined {
  return object[key] ?? undefined;
}

/** A string member; throws when it is absent. `at` is the object's place. */
export function requiredString(
  object: JsonObject,
  key: string,
  at: string,
): string {
  return asString(object[key], `${at}.${key}`);
}

/** A string member, or undefined when it is absent or null. `at` is the object's place. */
export function optionalString(
  object: JsonObject,
  key: string,
  at: string,
): string | undefined {
  const value = optional(object, key);
  return value === undefined ? undefined : asString(value, `${at}.${key}`);
}

/** The value as an array of strings. */
export function stringList(
  value: Json | undefined,
  at: string,
): readonly string[] {
  return asArray(value, at).map((item, i) => asString(item, `${at}[${i}]`));
}

/** The value as an object of strings, without a prototype. */
export function stringMap(
  value: Json | undefined,
  at: string,
): Readonly<Record<string, string>> {
  const map: Record<string, string> = Object.create(null);
  for (const [key, item] of Object.entries(asObject(value, at))) {
    map[key] = asString(item, `${at}[${JSON.stringify(key)}]`);
  }
  return map;
}

/** The same members without those that are undefined. */
export function defined<T extends object>(parts: T): T {
  const kept = { ...parts };
  for (const [key, part] of Object.entries(parts)) {
    if (part === undefined) Reflect.deleteProperty(kept, key);
  }
  return kept;
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether the value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}

function wrong(at: string, why: string): MalformedError {
  return new MalformedError("json", `${at} ${why}`);
}

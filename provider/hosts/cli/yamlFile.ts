import { readFile, stat } from "node:fs/promises";
import { MirrorError } from "../../mirror/errors";
import type { Value, Values } from "../../mirror/lifecycle";
import { misunderstood } from "./exit";

const maxBytes = 4 * 1024 * 1024;

/** A YAML or JSON file whose content is a mapping; `null` is absent. */
export async function readYamlFile(path: string): Promise<Values> {
  const { parse, YAMLError } = await import("yaml");
  const text = await readTextFile(path);
  try {
    const value = valueOf(parse(text, { maxAliasCount: 100 }));
    if (isMapping(value)) return value;
  } catch (error) {
    if (!(error instanceof YAMLError) && !(error instanceof ReferenceError))
      throw error;
    throw unreadable(path, error.message);
  }
  throw unreadable(path, "it is not a mapping");
}

/** A text file of bounded size. */
export async function readTextFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new MirrorError({
      fault: error.code === "ENOENT" ? "invalid" : "denied",
      code: "INVALID_INPUT",
      what: `could not read ${path}`,
      why: error.code === "ENOENT" ? "there is no such file" : error.message,
      remedy: "name a file that can be read",
      cause: error,
    });
  }
  throw unreadable(path, `it is larger than ${maxBytes} bytes`);
}

function valueOf(value: unknown): Value {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(valueOf);
  if (typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, valueOf(member)]),
    );
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "string" ? value : undefined;
}

function isMapping(value: Value): value is Values {
  return typeof value === "object" && !Array.isArray(value);
}

function unreadable(path: string, why: string): MirrorError {
  return misunderstood({
    what: `could not read ${path}`,
    why,
    remedy: "it must be a YAML or JSON mapping",
  });
}

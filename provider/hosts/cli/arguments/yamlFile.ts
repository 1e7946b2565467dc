import { readFile, stat } from "node:fs/promises";
import { MirrorError } from "../../../mirror/errors";
import type { Value, Values } from "../../../mirror/lifecycle";
import { errnoOf, messageOf } from "../errno";
import { misunderstood } from "../exit";

const maxBytes = 4 * 1024 * 1024;

/** A YAML or JSON file whose content is a mapping; `null` is absent. No error shows a line of it, since that may hold a password. */
export async function readYamlFile(path: string): Promise<Values> {
  const { LineCounter, parseDocument } = await import("yaml");
  const text = await readTextFile(path);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw unreadable(path, `line ${line}, column ${col}: ${error.message}`);
  }
  const value = valueIn(() => document.toJS({ maxAliasCount: 100 }), path);
  if (isMapping(value)) return value;
  throw unreadable(path, "it is not a mapping");
}

/** Aliases may name nothing, or so much that no memory holds it. */
function valueIn(read: () => unknown, path: string): Value {
  try {
    return valueOf(read());
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
}

/** A text file of bounded size. */
export async function readTextFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path, "utf8");
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new MirrorError({
      fault: errno === "ENOENT" ? "invalid" : "denied",
      code: "INVALID_INPUT",
      what: `could not read ${path}`,
      why: errno === "ENOENT" ? "there is no such file" : messageOf(error),
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

import { MalformedError } from "./malformed";

/** A scanned value; objects have no prototype. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Bounds of a scan; see `readJson`. */
export interface Bounds {
  readonly maxDepth: number;
  readonly maxItems: number;
  readonly integersOnly: boolean;
}

interface Cursor extends Bounds {
  readonly text: string;
  at: number;
  depth: number;
  items: number;
}

const blank = /[ \t\n\r]*/y;
/** A string in which nothing has to be looked into: printable ASCII without an escape. */
const plainString = /"[ !#-[\]-~]*"/y;
const words = /true|false|null/y;
const numeral = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Reads one JSON text to its end, and refuses what two readers could read in two ways. */
export function scan(text: string, bounds: Bounds): JsonValue {
  const cursor: Cursor = { ...bounds, text, at: 0, depth: 0, items: 0 };
  const value = readValue(cursor);
  if (cursor.at < text.length) throw broken(cursor, "text after the end");
  return value;
}

const isFolded = /^[ -@[-~]*$/;

/** A key as readers see it that do not look at its case, as Go's: `ſ` is `s`, and the Kelvin sign is `k`. */
export function foldCase(key: string): string {
  return isFolded.test(key)
    ? key
    : key.toLowerCase().toUpperCase().toLowerCase();
}

function readValue(cursor: Cursor): JsonValue {
  skipBlank(cursor);
  const value = readBare(cursor);
  skipBlank(cursor);
  return value;
}

function readBare(cursor: Cursor): JsonValue {
  switch (cursor.text[cursor.at]) {
    case "{":
      return nested(cursor, readObject);
    case "[":
      return nested(cursor, readArray);
    case '"':
      return readString(cursor);
    default:
      return readWord(cursor);
  }
}

function nested<T>(cursor: Cursor, read: (cursor: Cursor) => T): T {
  cursor.depth += 1;
  if (cursor.depth > cursor.maxDepth) {
    throw broken(cursor, `nested deeper than ${cursor.maxDepth}`);
  }
  cursor.at += 1;
  skipBlank(cursor);
  const value = read(cursor);
  cursor.depth -= 1;
  return value;
}

function readObject(cursor: Cursor): JsonValue {
  const object: Record<string, JsonValue> = Object.create(null);
  const seen = new Map<string, string>();
  if (takes(cursor, "}")) return object;
  do {
    skipBlank(cursor);
    const key = readKey(cursor, seen);
    object[key] = readValue(cursor);
    count(cursor);
  } while (takes(cursor, ","));
  expect(cursor, "}");
  return object;
}

function readKey(cursor: Cursor, seen: Map<string, string>): string {
  const key = readString(cursor);
  const folded = foldCase(key);
  const other = seen.get(folded);
  if (other !== undefined) {
    const why = other === key ? "twice" : `beside "${other}", its like`;
    throw broken(cursor, `the key "${key}" stands ${why} in one object`);
  }
  seen.set(folded, key);
  skipBlank(cursor);
  expect(cursor, ":");
  return key;
}

function readArray(cursor: Cursor): JsonValue {
  const array: JsonValue[] = [];
  if (takes(cursor, "]")) return array;
  do {
    array.push(readValue(cursor));
    count(cursor);
  } while (takes(cursor, ","));
  expect(cursor, "]");
  return array;
}

function readString(cursor: Cursor): string {
  if (cursor.text[cursor.at] !== '"') throw broken(cursor, "a string expected");
  const begin = cursor.at;
  plainString.lastIndex = begin;
  if (plainString.test(cursor.text)) {
    cursor.at = plainString.lastIndex;
    // parsed and not cut out: a part of a text would keep the whole of it in memory
    return unescape(cursor, cursor.text.slice(begin, cursor.at));
  }
  const end = endOfString(cursor);
  cursor.at = end + 1;
  const plain = unescape(cursor, cursor.text.slice(begin, cursor.at));
  if (/\p{Surrogate}|\0/u.test(plain)) {
    throw broken(cursor, "a NUL or half a surrogate pair in a string");
  }
  return plain;
}

function endOfString({ text, at }: Cursor): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const character = text.charCodeAt(i);
    if (character === 0x22) return i;
    if (character === 0x5c) i += 1;
  }
  return text.length;
}

/** The platform's own reader does one string, quotes included: it knows the escapes and refuses control characters. */
function unescape(cursor: Cursor, quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw broken(cursor, "not a string that JSON allows", cause);
  }
}

function readWord(cursor: Cursor): JsonValue {
  const word = matchHere(cursor, words);
  if (word === "") return readNumber(cursor);
  return word === "null" ? null : word === "true";
}

function readNumber(cursor: Cursor): number {
  const written = matchHere(cursor, numeral);
  if (written === "") throw broken(cursor, "a value expected");
  const number = Number(written);
  if (!Number.isFinite(number)) throw broken(cursor, "too great a number");
  if (cursor.integersOnly && !isPlainInteger(written, number)) {
    throw broken(cursor, `${written} is not a plain whole number`);
  }
  return number;
}

function isPlainInteger(written: string, number: number): boolean {
  return /^(?:0|-?[1-9][0-9]*)$/.test(written) && Number.isSafeInteger(number);
}

function skipBlank(cursor: Cursor): void {
  if (cursor.text.charCodeAt(cursor.at) > 0x20) return;
  matchHere(cursor, blank);
}

function matchHere(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
}

function takes(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!takes(cursor, character)) throw broken(cursor, `${character} expected`);
}

function count(cursor: Cursor): void {
  cursor.items += 1;
  if (cursor.items > cursor.maxItems) {
    throw broken(cursor, `more than ${cursor.maxItems} members and elements`);
  }
}

function broken(cursor: Cursor, why: string, cause?: unknown): MalformedError {
  return new MalformedError("json", `at character ${cursor.at}: ${why}`, {
    cause,
  });
}

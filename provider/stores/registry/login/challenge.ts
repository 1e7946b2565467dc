/** One challenge of a `WWW-Authenticate` header. Scheme and parameter names are lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
const space = /[ \t]*/y;
const separators = /[ \t,]*/y;

/** Reads every challenge of every header line (RFC 9110 §11.6.1, W20). What cannot be read ends the line it stands on. */
export function parseChallenges(
  header: string | readonly string[] | undefined,
): readonly Challenge[] {
  const lines = typeof header === "string" ? [header] : (header ?? []);
  return lines.flatMap((line) => parseLine(line));
}

interface Cursor {
  readonly text: string;
  at: number;
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (!match) return undefined;
  cursor.at += match[0].length;
  return match;
}

function parseLine(text: string): readonly Challenge[] {
  const cursor = { text, at: 0 };
  const challenges: Challenge[] = [];
  for (;;) {
    take(cursor, separators);
    const scheme = take(cursor, token)?.[0];
    if (scheme === undefined || take(cursor, /[ \t]*=/y)) return challenges;
    const parameters = new Map<string, string>();
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
    if (take(cursor, /[ \t]+/y)) parseParameters(cursor, parameters);
  }
}

function parseParameters(
  cursor: Cursor,
  parameters: Map<string, string>,
): void {
  const start = cursor.at;
  if (take(cursor, token68)) {
    const next = cursor.text.slice(start, cursor.at);
    if (!next.includes("=") || /^[^=]+=+$/.test(next)) return;
    cursor.at = start;
  }
  for (;;) {
    const before = cursor.at;
    const pair = parsePair(cursor);
    if (pair === undefined) {
      cursor.at = before; // a bare word is the next challenge's scheme
      return;
    }
    const [name, value] = pair;
    if (!parameters.has(name)) parameters.set(name, value);
  }
}

function parsePair(
  cursor: Cursor,
): readonly [name: string, value: string] | undefined {
  take(cursor, separators);
  const name = take(cursor, token)?.[0];
  take(cursor, space);
  if (name === undefined || !take(cursor, /=/y)) return undefined;
  const value = parseValue(cursor);
  return value === undefined ? undefined : [name.toLowerCase(), value];
}

function parseValue(cursor: Cursor): string | undefined {
  take(cursor, space);
  const text = take(cursor, quoted)?.[1];
  if (text !== undefined) return text.replace(/\\([\s\S])/g, "$1");
  return take(cursor, /[^\s",]+/y)?.[0];
}

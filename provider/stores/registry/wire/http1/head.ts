import type { Request } from "../../../../mirror/ports";
import { BrokenAnswer } from "./brokenAnswer";

/** The most bytes that a status line and its headers may have. */
export const maxHeadBytes = 16 * 1024;
const maxHeaders = 200;

/** A status line and its headers. Header names are lower case. */
export interface Head {
  readonly status: number;
  readonly isKeptAlive: boolean;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** How long a body is (RFC 9112 §6.3). */
export type Framing =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** until the connection ends: nobody can tell whether it was cut */
  | { readonly kind: "close" };

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const header =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** Where the head ends, its blank line included; `undefined` while that has not come. */
export function endOfHead(bytes: Buffer): number | undefined {
  const at = bytes.indexOf("\r\n\r\n", 0, "latin1");
  return at < 0 ? undefined : at + 4;
}

/** Reads a whole head. One way of writing it is taken, and whatever two readers could understand differently is refused (N50). */
export function readHead(bytes: Buffer): Head {
  const lines = bytes.toString("latin1", 0, bytes.length - 4).split("\r\n");
  const [, minor, status] = statusLine.exec(lines[0] ?? "") ?? [];
  if (status === undefined)
    throw new BrokenAnswer("its status line is not one of HTTP/1.1");
  if (lines.length > maxHeaders)
    throw new BrokenAnswer(`it has more than ${maxHeaders} headers`);
  const headers = readHeaders(lines.slice(1));
  const isOld = minor === "0";
  if (isOld && headers["transfer-encoding"] !== undefined)
    throw new BrokenAnswer("it has a transfer-encoding in HTTP/1.0");
  const wishes = String(headers["connection"] ?? "").toLowerCase();
  const isKeptAlive = !isOld && !/(^|[\s,])close($|[\s,])/.test(wishes);
  return { status: Number(status), isKeptAlive, headers };
}

function readHeaders(lines: readonly string[]): Head["headers"] {
  const headers = new Map<string, string | string[]>();
  for (const line of lines) {
    const [, written, value] = header.exec(line) ?? [];
    if (written === undefined || value === undefined)
      throw new BrokenAnswer("it has a line that is no header"); // obs-fold and a bare CR or LF, too
    const name = written.toLowerCase();
    const before = headers.get(name);
    const trimmed = value.trimEnd();
    if (before === undefined) headers.set(name, trimmed);
    else if (typeof before === "string") headers.set(name, [before, trimmed]);
    else before.push(trimmed);
  }
  return Object.fromEntries(headers);
}

/** How the body of an answer is framed; two opinions in one head are refused (N50). */
export function framingOf(head: Head, method: Request["method"]): Framing {
  const { status, headers } = head;
  const length = headers["content-length"];
  const coding = headers["transfer-encoding"];
  if (length !== undefined && coding !== undefined)
    throw new BrokenAnswer("it has a content-length and a transfer-encoding");
  const bytes = lengthOf(length);
  refuseOtherCodings(coding);
  if (method === "HEAD" || status === 204 || status === 304)
    return { kind: "length", bytes: 0 };
  if (coding !== undefined) return { kind: "chunked" };
  return bytes === undefined ? { kind: "close" } : { kind: "length", bytes };
}

type Value = string | readonly string[] | undefined;

function refuseOtherCodings(coding: Value): void {
  if (coding === undefined || String(coding).toLowerCase() === "chunked")
    return;
  throw new BrokenAnswer("its transfer-encoding is not `chunked`");
}

function lengthOf(length: Value): number | undefined {
  if (length === undefined) return undefined;
  if (/^\d{1,15}$/.test(String(length))) return Number(length);
  throw new BrokenAnswer("its content-length is not one number");
}

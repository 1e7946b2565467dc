import type { Code } from "../../../mirror/errors";
import type { Response } from "../../../mirror/ports";
import { printable } from "../../../mirror/printable";
import { readPart } from "../../../mirror/body";
import { header } from "./message";
import { isDigest, type Digest } from "../../../oci/digest";
import { redact } from "./redact";

const maxErrorBytes = 64 * 1024; // W31

/** One `errors[]` entry of the distribution spec, as far as it could be read. */
interface Complaint {
  readonly code: string;
  readonly message: string;
  /** what it is about, where it names one digest */
  readonly digest: Digest | undefined;
}

/** A refusal whose body was read: what the registry said, redacted and bounded. */
export interface Refusal {
  readonly status: number;
  readonly complaints: readonly Complaint[];
  /** one line for a message */
  readonly words: string;
  readonly retryAfter: string | undefined;
}

/** Reads a refusal to its end, whatever it is written in: JSON, HTML, nothing at all (W146). `hide` takes out the secrets that were sent. */
export async function readRefusal(
  response: Response,
  hide: (text: string) => string,
): Promise<Refusal> {
  const retryAfter = header(response, "retry-after");
  let text: string;
  try {
    text = new TextDecoder().decode(await readPart(response, maxErrorBytes));
  } catch {
    text = ""; // the status alone is the answer; its body was cut
  }
  const complaints = readComplaints(text);
  const isText = (header(response, "content-type") ?? "text/plain").startsWith(
    "text/plain",
  );
  const said = complaints.length
    ? complaints
        .slice(0, 10)
        .map(({ code, message }) => [code, message].filter(Boolean).join(": "))
        .join(", ")
    : isText
      ? text.trim()
      : "";
  const words = `HTTP ${response.status}${said ? ` (${printable(redact(hide(said)).replace(/\s+/g, " "), 500)})` : ""}`;
  return { status: response.status, complaints, words, retryAfter };
}

function readComplaints(text: string): readonly Complaint[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [];
  }
  const errors: unknown = property(body, "errors");
  if (!Array.isArray(errors)) return [];
  return errors.map((entry: unknown) => ({
    code: asText(property(entry, "code")),
    message: [property(entry, "message"), property(entry, "detail")]
      .map(asText)
      .filter(Boolean)
      .join(": "),
    digest: digestIn(entry),
  }));
}

function digestIn(entry: unknown): Digest | undefined {
  let text: string;
  try {
    text = JSON.stringify(entry);
  } catch {
    return undefined; // nested as deep as only an attacker does
  }
  const named = /\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/.exec(text);
  return named !== null && isDigest(named[0]) ? named[0] : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : "";
}

const repositoryCodes = new Set([
  "NAME_UNKNOWN",
  "REPOSITORY_NOT_FOUND",
  "PROJECT_NOT_FOUND",
]);
const manifestCodes = new Set(["MANIFEST_UNKNOWN", "NOT_FOUND", "TAG_UNKNOWN"]);
const blobCodes = new Set(["BLOB_UNKNOWN"]);

/** Which thing a 404 proves absent; `undefined` where it proves nothing (§1.8). */
export function absence(refusal: Refusal): Code | undefined {
  if (refusal.status !== 404) return undefined;
  const has = (codes: ReadonlySet<string>): boolean =>
    refusal.complaints.some(({ code }) => codes.has(code));
  if (has(repositoryCodes)) return "NOT_FOUND_REPO";
  if (has(manifestCodes)) return "NOT_FOUND_MANIFEST";
  return has(blobCodes) ? "NOT_FOUND_BLOB" : undefined;
}

const missingCodes = new Set(["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN"]);

/** What a manifest names and the registry does not have; `undefined` where the refusal is about something else, or does not say of what. */
export function missingFrom(refusal: Refusal): readonly Digest[] | undefined {
  const missing = refusal.complaints.map(({ code, digest }) =>
    missingCodes.has(code) ? digest : undefined,
  );
  const named = missing.filter((digest) => digest !== undefined);
  return named.length === missing.length && named.length > 0
    ? named
    : undefined;
}

/** Whether a manifest was refused because the registry does not have all that it names. */
export function isIncomplete(refusal: Refusal): boolean {
  return refusal.complaints.some(({ code }) => missingCodes.has(code));
}

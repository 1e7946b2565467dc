import { MirrorError, type Code, type Fault } from "../../mirror/errors";
import type { Response } from "../../mirror/ports";
import { printable } from "../../mirror/printable";
import { readPart } from "../../mirror/body";
import { judgeDenied } from "./login/describe";
import { header } from "./wire/message";
import { isDigest, type Digest } from "../../oci/digest";
import { redact } from "./wire/redact";
import type { Asked } from "./wire/wireError";

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
  const named = /\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/.exec(
    JSON.stringify(entry),
  );
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

/** Turns a refusal into the error that says it. */
export function refusalError(refusal: Refusal, asked: Asked): MirrorError {
  return new MirrorError({ ...asked, ...judge(refusal, asked) });
}

interface Judgement {
  readonly fault: Fault;
  readonly code: Code;
  readonly why: string;
  readonly remedy: string;
}

function judge(refusal: Refusal, asked: Asked): Judgement {
  const { status, words: why } = refusal;
  if (isQuota(refusal))
    return {
      fault: "exceeded",
      code: "QUOTA",
      why,
      remedy: "make room at the registry, or have its quota raised",
    };
  if (status === 401 || status === 403) return denied(refusal, asked);
  if (status === 404) return notFound(refusal);
  if (isImmutable(refusal)) {
    return {
      fault: "conflict",
      code: "TAG_IMMUTABLE",
      why,
      remedy: "choose another tag, or allow this one to move at the registry",
    };
  }
  if (status === 429) return rateLimited(refusal, asked);
  if (status === 413)
    return {
      fault: "exceeded",
      code: "LIMIT_EXCEEDED",
      why,
      remedy: "raise the body limit of the registry or of the proxy before it",
    };
  if (status >= 500)
    return {
      fault: "unreachable",
      code: "REGISTRY_UNAVAILABLE",
      why,
      remedy: "try again later",
    };
  if (status === 405)
    return {
      fault: "unsupported",
      code: "UNSUPPORTED",
      why,
      remedy: "use the registry's own tools: it does not offer this operation",
    };
  return {
    fault: "corrupt",
    code: "PROTOCOL",
    why,
    remedy: "check the reference, and the registry's own log",
  };
}

function denied(refusal: Refusal, asked: Asked): Judgement {
  return {
    fault: "denied",
    why: `${refusal.words}, asked ${asked.as ?? "anonymously"}`,
    ...judgeDenied(refusal.status, asked),
  };
}

function notFound(refusal: Refusal): Judgement {
  const code = absence(refusal);
  const why = refusal.words;
  if (code === undefined) {
    return {
      fault: "unreachable",
      code: "PROTOCOL",
      why: `${why}, which does not prove that it is absent`,
      remedy: "check the host and any proxy before it",
    };
  }
  const remedy =
    code === "NOT_FOUND_REPO"
      ? "create the repository, or check its name"
      : "check the reference";
  return { fault: "absent", code, why, remedy };
}

/** Docker Hub's 429 about pulls names the limit and a way out of it; the one about abuse is two plain words (W142). */
function rateLimited(refusal: Refusal, asked: Asked): Judgement {
  const at = asked.retryAt;
  const after = refusal.retryAfter?.slice(0, 40);
  const again = at
    ? `, to be asked again at ${at.toISOString()}`
    : after === undefined
      ? ""
      : `, to be asked again ${/^\d+$/.test(after) ? `after ${after} s` : `at ${after}`}`;
  return {
    fault: "unreachable",
    code: "RATE_LIMITED",
    why: `${refusal.words}${again}`,
    remedy: /pull rate limit|increase-rate-limit/i.test(refusal.words)
      ? "log in for a higher limit, or wait until the limit on pulls counts anew"
      : "wait, ask for fewer artifacts at once, or log in for a higher limit",
  };
}

function isImmutable(refusal: Refusal): boolean {
  if (refusal.status === 409 || refusal.status === 412) return true;
  return (
    refusal.status === 400 &&
    /immutab|cannot be overwritten/i.test(refusal.words)
  );
}

function isQuota(refusal: Refusal): boolean {
  return (
    [403, 413, 500, 507].includes(refusal.status) &&
    /quota/i.test(refusal.words)
  );
}

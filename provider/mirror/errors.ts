import { printable, printableLines } from "./printable";

/** Whose fault, in one word; a closed list that callers may switch on. */
export type Fault =
  /** bad input, found before anything is asked */
  | "invalid"
  /** the policy's no */
  | "refused"
  /** 401 or 403 */
  | "denied"
  /** proven absent */
  | "absent"
  /** a tag that may not move, a lock that is held */
  | "conflict"
  /** bytes that are not what was asked for, or a server that breaks the protocol */
  | "corrupt"
  /** more than the bound allows */
  | "exceeded"
  /** a form that we know by name and do not take */
  | "unsupported"
  /** could not ask, or got no answer */
  | "unreachable"
  | "cancelled";

/** Stable codes (`registry.md` §1.8); tests and users may rely on them. */
export type Code =
  | "INVALID_INPUT"
  | "REFUSED"
  | "TOO_YOUNG"
  | "AGE_UNKNOWN"
  | "AUTH_REQUIRED"
  | "AUTH_DENIED"
  | "AUTH_REALM_UNTRUSTED"
  | "CREDENTIALS"
  | "NOT_FOUND_REPO"
  | "NOT_FOUND_MANIFEST"
  | "NOT_FOUND_BLOB"
  | "RATE_LIMITED"
  | "REGISTRY_UNAVAILABLE"
  | "NETWORK"
  | "TLS"
  | "PROTOCOL"
  | "DIGEST_MISMATCH"
  | "SIZE_MISMATCH"
  | "AMBIGUOUS_MANIFEST"
  | "LIMIT_EXCEEDED"
  | "UNSUPPORTED"
  | "REDIRECT_REFUSED"
  | "TAG_IMMUTABLE"
  | "TAG_MOVED"
  | "QUOTA"
  | "DISK"
  | "LOCKED"
  | "CANCELLED";

/** Where an artifact comes from, or where it goes. */
export type Side = "source" | "destination";

/** Which side of the mirror, and which reference, an error is about. */
export interface Where {
  readonly side?: Side;
  readonly reference?: string;
}

/** What an error is told in. */
export interface MirrorErrorParts {
  readonly fault: Fault;
  readonly code: Code;
  /** what could not be done: `could not read the manifest` */
  readonly what: string;
  readonly where?: Where;
  /** why, in the other side's words where it gave some; never a secret */
  readonly why: string;
  /** what the reader can do about it */
  readonly remedy: string;
  /** what it comes to, piece by piece: a line each, after all else */
  readonly lines?: readonly string[];
  /** when it may be tried again; of `RATE_LIMITED` */
  readonly retryAt?: Date;
  readonly cause?: unknown;
}

/** The one error that leaves the core and the shelves: *what could not be done: which side, which reference: why; what to do* (a refusal says what to do on a line of its own). */
export class MirrorError extends Error {
  override readonly name = "MirrorError";
  readonly fault: Fault;
  readonly code: Code;
  readonly where: Where;
  readonly why: string;
  readonly remedy: string;
  readonly retryAt: Date | undefined;
  readonly #parts: MirrorErrorParts;

  constructor(parts: MirrorErrorParts) {
    const place = [parts.where?.side, parts.where?.reference]
      .filter(Boolean)
      .join(" ");
    // only a refusal has lines of its own, and makes each of them safe by itself
    const [shown, apart] =
      parts.fault === "refused" ? [printableLines, "\n  "] : [printable, "; "];
    const said = [parts.what, place, `${parts.why}${apart}${parts.remedy}`];
    const head = shown(said.filter(Boolean).join(": "));
    const lines = (parts.lines ?? []).map((line) => `  ${printable(line)}`);
    super([head, ...lines].join("\n"), { cause: parts.cause });
    this.fault = parts.fault;
    this.code = parts.code;
    this.where = parts.where ?? {};
    this.why = parts.why;
    this.remedy = parts.remedy;
    this.retryAt = parts.retryAt;
    this.#parts = parts;
  }

  /** The same error, told of a place; one that knows its own place stays. */
  at(where: Where): MirrorError {
    return this.where.reference === undefined
      ? new MirrorError({ ...this.#parts, where })
      : this;
  }
}

/** Whether the error says, with proof, that the thing asked for is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof MirrorError && error.fault === "absent";
}

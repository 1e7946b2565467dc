import {
  MirrorError,
  type Code,
  type Fault,
  type Where,
} from "../../../mirror/errors";

/** What was being done, and to what: the beginning of every message. */
export interface Asked {
  /** `could not read the manifest` */
  readonly what: string;
  readonly where: Where;
  /** with which credential, in words; for 401 and 403 */
  readonly as?: string;
  /** when the host may be asked again; for 429 */
  readonly retryAt?: Date;
}

/** No answer came that could be used. `retryable` says whether asking again makes sense (W144). */
export class NoAnswer extends MirrorError {
  constructor(
    readonly reason: {
      readonly fault: Fault;
      readonly code: Code;
      readonly why: string;
      readonly remedy: string;
      readonly retryable: boolean;
      readonly retryAt?: Date;
      readonly cause?: unknown;
    },
    asked: Asked,
  ) {
    super({ ...reason, what: asked.what, where: asked.where });
  }
}

/** Names what was being done in an error that only knows the host, and for which reference in one that only knows a source of credentials. */
export function located(error: unknown, asked: Asked): unknown {
  if (error instanceof NoAnswer) return new NoAnswer(error.reason, asked);
  return error instanceof MirrorError ? error.at(asked.where) : error;
}

/** `AbortSignal.timeout` aborts with a `DOMException` of this name. */
function isTimeout(reason: unknown): boolean {
  return (
    typeof reason === "object" &&
    reason !== null &&
    Reflect.get(reason, "name") === "TimeoutError"
  );
}

/** The call was given up: by the user, or because its own time was over, perhaps while a host wanted to be left alone. */
export function stopped(signal: AbortSignal, asked: Asked): MirrorError {
  const cause: unknown = signal.reason;
  const { retryAt } = asked;
  if (isTimeout(cause)) {
    return new NoAnswer(
      {
        fault: "unreachable",
        code: retryAt ? "RATE_LIMITED" : "NETWORK",
        why: `no answer came within the time given${retryAt ? `: the host wants to be left alone until ${retryAt.toISOString()}` : ""}`,
        remedy: "try again, or give it more time",
        retryAt,
        retryable: false,
        cause,
      },
      asked,
    );
  }
  return new MirrorError({
    ...asked,
    fault: "cancelled",
    code: "CANCELLED",
    why: "the operation was cancelled",
    remedy: "run it again to finish the rest",
    cause,
  });
}

/** The server broke the protocol. */
export function protocolError(
  asked: Asked,
  why: string,
  remedy = "check the registry, and any proxy before it",
): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "corrupt",
    code: "PROTOCOL",
    why,
    remedy,
  });
}

/** More came than the bound allows. */
export function limitError(asked: Asked, why: string): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    why,
    remedy: "leave it out, or have it made smaller: more is never read",
  });
}

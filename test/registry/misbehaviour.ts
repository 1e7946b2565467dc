import type { Answer } from "./answer";

/** What goes wrong. Several may be combined, where that makes sense. The registry and the fault proxy before it speak these same words. */
export interface Action {
  /** answers this at once, without doing the work and without reading the request's body */
  readonly status?: number;
  /** `status` comes only when so many bytes of the request's body have come (`Infinity`: all of them) */
  readonly statusAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** answers 307 (or `status`) to this URL, without doing the work */
  readonly redirect?: string;
  /** reads the request and never answers, until `close` */
  readonly stall?: boolean;
  /** destroys the socket after so many bytes of the request's body, and forgets the upload */
  readonly cutUploadAt?: number;
  /** the request's body is lost on the way, and its head arrives */
  readonly dropBody?: boolean;
  /** does the work as if the request had no `Range` */
  readonly ignoreRange?: boolean;
  /** does the work, then destroys the socket after so many bytes of the answer's body */
  readonly cutAt?: number;
  /** does the work, then says no more after so many bytes of the answer's body, and keeps the connection */
  readonly hangAt?: number;
  /** does the work, then destroys the socket without an answer */
  readonly dropResponse?: boolean;
  /** does the work and answers it whole, then closes the connection without having said so, as GOAWAY does */
  readonly goaway?: boolean;
  /** bytes per second of the answer's body */
  readonly throttle?: number;
  /** one byte of the answer's body every so many milliseconds */
  readonly dripEveryMs?: number;
  /** milliseconds before the answer begins */
  readonly delayMs?: number;
  /** headers of the true answer to replace, or with `undefined` to leave out; lower case */
  readonly rewriteHeader?: Readonly<Record<string, string | undefined>>;
  /** another body under the true headers (`content-length` follows the new body) */
  readonly swapBody?: string | Uint8Array;
  /** turns the lowest bit of this byte of the body */
  readonly flipBit?: number;
  /** ends the body after so many bytes, with a `content-length` that says so */
  readonly truncate?: number;
  /** for a PUT: what it wrote is answered 404 to so many later GET and HEAD requests */
  readonly delayVisibility?: number;
  /** for a PUT or a mount: says 201, and keeps nothing */
  readonly forget?: boolean;
  /** something else that happens at this very moment */
  readonly meanwhile?: () => void;
}

/** A request as rules look at it. */
export interface Asking {
  readonly method: string;
  /** path and query */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Which requests go wrong: from the `nth` match on (default the first), `times` of them (default one; `Infinity` for all). */
export interface Misdeed {
  /** how a journal calls it */
  readonly name?: string;
  readonly method?: string;
  /** tested against path and query */
  readonly path: RegExp;
  readonly when?: (asking: Asking) => boolean;
  readonly nth?: number;
  readonly times?: number;
  readonly action: Action;
}

/** A misdeed that was ordered. */
export interface OrderedMisdeed {
  /** how many requests it spoilt so far */
  readonly hits: number;
  stop(): void;
}

interface Rule extends OrderedMisdeed {
  readonly misdeed: Misdeed;
  seen: number;
  hits: number;
}

/** The list of misdeeds of one registry; the first that fits a request spoils it. */
export class Misbehaviour {
  private rules: Rule[] = [];

  order(misdeed: Misdeed): OrderedMisdeed {
    const rule: Rule = {
      misdeed,
      seen: 0,
      hits: 0,
      stop: () => {
        this.rules = this.rules.filter((one) => one !== rule);
      },
    };
    this.rules.push(rule);
    return rule;
  }

  /** Behave again. */
  clear(): void {
    this.rules = [];
  }

  /** The misdeed that this request falls to, `undefined` where it is served well. */
  misdeedFor(asking: Asking): Misdeed | undefined {
    for (const rule of this.rules) {
      const { misdeed } = rule;
      if (!fits(misdeed, asking)) continue;
      rule.seen += 1;
      const first = misdeed.nth ?? 1;
      if (rule.seen < first) continue;
      if (rule.seen >= first + (misdeed.times ?? 1)) continue;
      rule.hits += 1;
      misdeed.action.meanwhile?.();
      return misdeed;
    }
    return undefined;
  }

  /** What that misdeed does, where its name does not matter. */
  actionFor(asking: Asking): Action | undefined {
    return this.misdeedFor(asking)?.action;
  }

  /** Answers 404 to the next GET and HEAD requests of a path. */
  hide(path: string, times: number): void {
    const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const action: Action = {
      status: 404,
      headers: { "content-type": "application/json" },
      body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}',
    };
    for (const method of ["GET", "HEAD"]) {
      this.order({
        name: "hidden",
        method,
        path: new RegExp(`^${escaped}$`),
        times,
        action,
      });
    }
  }
}

function fits({ method, path, when }: Misdeed, asking: Asking): boolean {
  if (method !== undefined && method !== asking.method) return false;
  return asking.target.search(path) >= 0 && (when?.(asking) ?? true);
}

/** The answer that an action gives by itself, `undefined` where the work is to be done. */
export function answerInstead(action: Action): Answer | undefined {
  if (action.redirect !== undefined) {
    return {
      status: action.status ?? 307,
      headers: { location: action.redirect, ...action.headers },
    };
  }
  if (action.status === undefined) return undefined;
  const body = Buffer.from(action.body ?? "");
  return { status: action.status, headers: { ...action.headers }, body };
}

/** The true answer, spoilt. */
export function spoil(answer: Answer, action: Action): Answer {
  const headers: Record<string, string> = { ...answer.headers };
  for (const [name, value] of Object.entries(action.rewriteHeader ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const body = spoiltBody(answer.body, action);
  if (body && body.length !== answer.body?.length) {
    if (action.rewriteHeader?.["content-length"] === undefined) {
      delete headers["content-length"];
    }
  }
  return { status: answer.status, headers, ...(body ? { body } : {}) };
}

function spoiltBody(
  body: Uint8Array | undefined,
  action: Action,
): Uint8Array | undefined {
  const swapped =
    action.swapBody === undefined ? body : Buffer.from(action.swapBody);
  const turned =
    swapped && action.flipBit !== undefined
      ? flipped(swapped, action.flipBit)
      : swapped;
  return action.truncate === undefined
    ? turned
    : turned?.subarray(0, action.truncate);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

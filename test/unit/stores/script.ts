import type {
  Reach,
  Request,
  Response,
  Send,
} from "../../../provider/mirror/ports";

/** One scripted answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface Script {
  readonly send: Send;
  /** every request, in order */
  readonly requests: readonly Request[];
  /** answers that were neither read to the end nor let go */
  open(): number;
}

/** A `Send` that answers what a function says, and keeps what it was asked. */
export function scripted(
  answer: (request: Request, nth: number) => Reply | Error,
): Script {
  const requests: Request[] = [];
  let open = 0;
  const send: Send = async (request, signal) => {
    signal.throwIfAborted();
    requests.push(request);
    const reply = answer(request, requests.length);
    if (reply instanceof Error) throw reply;
    open += 1;
    return responseOf(reply, () => {
      open -= 1;
    });
  };
  return { send, requests, open: () => open };
}

function responseOf(reply: Reply, onClose: () => void): Response {
  let isOpen = true;
  const close = (): void => {
    if (isOpen) onClose();
    isOpen = false;
  };
  return {
    status: reply.status,
    headers: reply.headers ?? {},
    body: bodyOf(reply, close),
    discard: async () => close(),
  };
}

async function* bodyOf(
  reply: Reply,
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (reply.body !== undefined) yield Buffer.from(reply.body);
  close();
}

export function reachBy(
  send: Send,
  signal = new AbortController().signal,
): Reach {
  return { send, signal, now: () => new Date("2026-01-01T00:00:00Z") };
}

export function json(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}

import type { Request, Send } from "../../mirror/ports";

/** What a call was doing last, for the message when its time is over. */
export interface UnderWay {
  /** sends, and remembers whose answer is waited for */
  readonly send: Send;
  /** notes what the call said of itself */
  note(text: string): void;
  /** `, while waiting for reg.example; last: 2 of 5 blobs`; empty where nothing was begun */
  words(): string;
}

const maxHosts = 3;

/** Follows the requests of one call. */
export function underWay(next: Send): UnderWay {
  const waiting = new Map<string, number>();
  const sending = new Map<string, number>();
  let lastHost = "";
  let said = "";
  return {
    send: async (request, signal) => {
      const { host } = request.url;
      lastHost = host;
      // where bytes are still on their way it may be their source that is slow
      const open = isStream(request.body) ? sending : waiting;
      count(open, host, 1);
      try {
        return await next(request, signal);
      } finally {
        count(open, host, -1);
      }
    },
    note(text) {
      said = text;
    },
    words() {
      const doing = [
        named("waiting for", waiting),
        named("sending to", sending),
      ]
        .filter(Boolean)
        .join(" and ");
      const where = doing
        ? `while ${doing}`
        : lastHost && `after asking ${lastHost}`;
      return [where, said && `last: ${said}`]
        .filter(Boolean)
        .map((part, at) => (at === 0 ? `, ${part}` : `; ${part}`))
        .join("");
    },
  };
}

function isStream(body: Request["body"]): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

function count(open: Map<string, number>, host: string, by: 1 | -1): void {
  const many = (open.get(host) ?? 0) + by;
  if (many > 0) open.set(host, many);
  else open.delete(host);
}

function named(verb: string, open: ReadonlyMap<string, number>): string {
  const hosts = [...open.keys()].slice(0, maxHosts).join(", ");
  return hosts && `${verb} ${hosts}`;
}

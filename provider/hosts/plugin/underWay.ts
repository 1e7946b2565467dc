import type { Send } from "../../mirror/ports";

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
  let lastHost = "";
  let said = "";
  const count = (host: string, by: 1 | -1): void => {
    const open = (waiting.get(host) ?? 0) + by;
    if (open > 0) waiting.set(host, open);
    else waiting.delete(host);
  };
  return {
    send: async (request, signal) => {
      const { host } = request.url;
      lastHost = host;
      count(host, 1);
      try {
        return await next(request, signal);
      } finally {
        count(host, -1);
      }
    },
    note(text) {
      said = text;
    },
    words() {
      const hosts = [...waiting.keys()].slice(0, maxHosts).join(", ");
      const where = hosts
        ? `while waiting for ${hosts}`
        : lastHost && `after asking ${lastHost}`;
      return [where, said && `last: ${said}`]
        .filter(Boolean)
        .map((part, at) => (at === 0 ? `, ${part}` : `; ${part}`))
        .join("");
    },
  };
}

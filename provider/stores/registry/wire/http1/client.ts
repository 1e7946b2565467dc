import type { LookupFunction } from "node:net";
import type { Request, Response, Send } from "../../../../mirror/ports";
import { Blocks } from "./body";
import type { Answered } from "./connection";
import type { Limits } from "./limits";
import { opener, type Opening } from "./opening";
import { Pool } from "./pool";

const maxDiscardBytes = 128 * 1024;

/** The way to one origin. */
export interface Origin {
  readonly send: Send;
  /** whether nothing is under way there */
  readonly isIdle: boolean;
  close(): void;
}

/** What all origins of one network share. */
export interface Sharing {
  readonly limits: Limits & { readonly discardMs: number };
  readonly connections: number;
}

/**
 * HTTP/1.1 over sockets of our own. The kernel reads into blocks that are used again and again, so that a byte costs a quarter
 * of what a stock stream costs it, and a stream of any length needs a few blocks (performance.md §2.1).
 */
export function originMaker(
  sharing: Sharing,
): (opening: Opening & { readonly lookup: LookupFunction }) => Origin {
  const { limits, connections } = sharing;
  const blocks = new Blocks();
  return (opening) => {
    const making = { open: opener(opening), blocks, limits };
    const pool = new Pool(making, connections);
    return {
      send: async (request: Request, signal) =>
        responseOf(await pool.send(request, signal), limits.discardMs),
      get isIdle() {
        return pool.isIdle;
      },
      close: () => pool.close(),
    };
  };
}

function responseOf(answered: Answered, discardMs: number): Response {
  const { head, body } = answered;
  return {
    status: head.status,
    headers: head.headers,
    body,
    discard: async () => {
      await readAway(answered, discardMs);
      answered.leave();
    },
  };
}

/** A short rest is read, so that the connection can be used again; a new one costs less than an answer that drips. */
async function readAway(
  { body, leave }: Answered,
  discardMs: number,
): Promise<void> {
  const late = AbortSignal.timeout(discardMs);
  late.addEventListener("abort", leave, { once: true });
  let left = maxDiscardBytes;
  try {
    while (left > 0) {
      const { value, done } = await body.next();
      if (done === true) return;
      left -= value.byteLength;
    }
  } catch {
    // nobody wants it
  } finally {
    late.removeEventListener("abort", leave);
  }
}

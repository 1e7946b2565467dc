import type { Clock } from "../../../provider/stores/registry/pace/clock";
import type { Request, Send } from "../../../provider/mirror/ports";
import { scripted, type Reply } from "./script";

/** A clock on which everybody waits at the same time: it jumps to the next waiter as soon as nobody has anything else to do. */
export interface VirtualTime extends Clock {
  /** Lets time pass until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
  /** the wall's time, which goes with it */
  now(): Date;
}

const begin = Date.parse("2026-01-01T00:00:00Z");

export function virtualTime(): VirtualTime {
  let now = 0;
  let waiting: { readonly at: number; readonly go: () => void }[] = [];
  const idle = (): Promise<void> => new Promise((go) => setImmediate(go));
  const jump = (): void => {
    const next = Math.min(...waiting.map(({ at }) => at));
    if (next === Infinity) return;
    now = Math.max(now, next);
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    due.forEach(({ go }) => go());
  };
  return {
    monotonic: () => now,
    random: () => 0,
    now: () => new Date(begin + now),
    wait: (ms, signal) =>
      new Promise((go, reject) => {
        signal.throwIfAborted();
        const waiter = { at: now + ms, go };
        waiting.push(waiter);
        signal.addEventListener("abort", () => {
          waiting = waiting.filter((one) => one !== waiter);
          reject(signal.reason);
        });
      }),
    async run(work) {
      let isOver = false;
      const over = () => void (isOver = true);
      void work.then(over, over);
      while (!isOver) {
        await idle();
        if (!isOver) jump();
      }
      return work;
    },
  };
}

/** One request as the slow host saw it, on the virtual clock. */
export interface Visit {
  readonly request: Request;
  readonly at: number;
  /** how many were under way, this one among them */
  readonly together: number;
}

/** A host that takes its time for each answer. */
export function slowHost(
  time: VirtualTime,
  options: {
    readonly answer: (request: Request, nth: number, now: number) => Reply;
    readonly latencyMs?: (together: number) => number;
  },
): { readonly send: Send; readonly visits: readonly Visit[] } {
  const { answer, latencyMs = () => 20 } = options;
  const visits: Visit[] = [];
  let together = 0;
  const { send } = scripted((request, nth) =>
    answer(request, nth, time.monotonic()),
  );
  return {
    visits,
    send: async (request, signal) => {
      signal.throwIfAborted();
      together += 1;
      visits.push({ request, at: time.monotonic(), together });
      try {
        const reply = send(request, signal);
        await time.wait(latencyMs(together), signal);
        for await (const _ of streamed(request)); // read before it is answered
        return await reply;
      } finally {
        together -= 1;
      }
    },
  };
}

function streamed({ body }: Request): AsyncIterable<Uint8Array> | [] {
  return body === undefined || body instanceof Uint8Array ? [] : body;
}

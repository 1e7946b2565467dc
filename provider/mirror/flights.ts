import { MirrorError } from "./errors";
import { orAborted } from "./orAborted";

/** An errand under way, and whose patience it has. */
interface Flight<T> {
  readonly landing: Promise<T>;
  readonly signal: AbortSignal;
}

/** Lets callers who want the same thing at the same time share one errand. Failures are shared too, and never kept (F62). */
export class Flights<T> {
  readonly #inFlight = new Map<string, Flight<T>>();

  /** Answers what `start` brings, ours or somebody else's. Where another caller gave up we start again; where we do, the other goes on. */
  async join(
    key: string,
    signal: AbortSignal,
    start: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly isOwn: boolean }> {
    for (;;) {
      const running = this.#inFlight.get(key);
      if (running === undefined) break;
      try {
        const value = await orAborted(running.landing, signal);
        return { value, isOwn: false };
      } catch (error) {
        const isTheirs = running.signal.aborted || isCancelled(error);
        if (!isTheirs || signal.aborted) throw error;
      }
    }
    const landing = start();
    this.#inFlight.set(key, { landing, signal });
    try {
      return { value: await landing, isOwn: true };
    } finally {
      this.#inFlight.delete(key);
    }
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof MirrorError && error.fault === "cancelled";
}

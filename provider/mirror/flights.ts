import { MirrorError } from "./errors";

/** Lets callers who want the same thing at the same time share one errand. Failures are shared too, and never kept (F62). */
export class Flights<T> {
  readonly #inFlight = new Map<string, Promise<T>>();

  /** Answers what `start` brings, ours or somebody else's. Another caller's cancellation is not ours: then we start again. */
  async join(
    key: string,
    signal: AbortSignal,
    start: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly isOwn: boolean }> {
    for (;;) {
      const running = this.#inFlight.get(key);
      if (running === undefined) break;
      try {
        return { value: await running, isOwn: false };
      } catch (error) {
        const isTheirs =
          error instanceof MirrorError && error.fault === "cancelled";
        if (!isTheirs || signal.aborted) throw error;
      }
    }
    const own = start();
    this.#inFlight.set(key, own);
    try {
      return { value: await own, isOwn: true };
    } finally {
      this.#inFlight.delete(key);
    }
  }
}

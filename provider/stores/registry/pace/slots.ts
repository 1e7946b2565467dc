import { stopped } from "../wire/wireError";

/** So many at a time, first come, first served. The number may change while some wait. */
export class Slots {
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly size: () => number) {}

  /** Whether somebody waits. */
  get isCrowded(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether whoever comes now need not wait. */
  get isFree(): boolean {
    return !this.isCrowded && this.#taken < this.size();
  }

  /** Resolves when it is our turn; rejects with the signal's reason when it aborts before that. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.isFree) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(enter);
        reject(signal.reason);
      };
      const enter = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** Gives back what was taken. */
  give(): void {
    this.#taken -= 1;
    for (const enter of this.#waiting) {
      if (this.#taken >= this.size()) return;
      this.#waiting.delete(enter);
      this.#taken += 1;
      enter();
    }
  }
}

/** Waits for a turn, and says in our words that the wait was cut short. */
export async function turn(slots: Slots, signal: AbortSignal): Promise<void> {
  try {
    await slots.take(signal);
  } catch (error) {
    throw signal.aborted
      ? stopped(signal, { what: "could not wait", where: {} })
      : error;
  }
}

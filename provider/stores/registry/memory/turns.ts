import { aloneOnMachine, type Turn } from "./machineLock";

/** Lets one writer at a time at a fallback tag: one of this process, one process of this machine; among machines nothing can (W108). */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    const { key } = turn;
    const before = this.#last.get(key);
    const mine = (async () => {
      await before?.catch(() => undefined); // the one before us told its own caller
      return aloneOnMachine(turn, work);
    })();
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

import { Flights } from "../../mirror/flights";
import type { Reach } from "../../mirror/ports";

/** Something learnt, and until when it holds. */
export interface Learnt<Value> {
  readonly value: Value;
  readonly until: Date;
  /** what keeping it costs */
  readonly bytes: number;
}

interface Kept<Value> extends Learnt<Value> {
  readonly since: Date;
}

/** Answers of the network, kept while they hold; whoever wants the same at the same time shares one request. */
export class Answers<Value> {
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #flights = new Flights<Learnt<Value>>();
  #bytes = 0;

  constructor(readonly maxBytes: number) {}

  /** The answer under a key, kept or brought by `ask`. */
  async get(
    key: string,
    reach: Reach,
    ask: () => Promise<Learnt<Value>>,
  ): Promise<Value> {
    const now = reach.now();
    const known = this.#kept.get(key);
    if (known && known.since <= now && now <= known.until) return known.value;
    const { value: learnt, isOwn } = await this.#flights.join(
      key,
      reach.signal,
      ask,
    );
    if (isOwn) this.#keep(key, { ...learnt, since: now });
    return learnt.value;
  }

  #keep(key: string, learnt: Kept<Value>): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
    if (learnt.bytes > this.maxBytes) return;
    this.#kept.set(key, learnt);
    this.#bytes += learnt.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.maxBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}

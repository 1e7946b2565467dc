const firstLimit = 8; // performance.md §7.6
const maxLimit = 64;
const maxSlowdown = 2; // so many times the quickest answer

/** One request that was answered. */
export interface Answered {
  readonly sentAt: number;
  readonly now: number;
  /** whether others waited for their turn meanwhile */
  readonly isBusy: boolean;
}

/** How many requests a host is asked at a time (W143): doubled as long as it answers as quickly as ever, halved when it refuses, then grown by one a round. */
export class Tempo {
  #limit = firstLimit;
  #answers = 0;
  #wasBusy = false;
  #quickest = Infinity;
  #quickestOfRound = Infinity;
  #halvedAt = -Infinity;

  get limit(): number {
    return this.#limit;
  }

  /** Counts an answer; after as many as the limit the round is over, and the limit may grow. */
  answered({ sentAt, now, isBusy }: Answered): void {
    this.#answers += 1;
    this.#wasBusy ||= isBusy;
    this.#quickestOfRound = Math.min(this.#quickestOfRound, now - sentAt);
    if (this.#answers < this.#limit) return;
    if (this.#wasBusy && this.#isQuick()) this.#grow();
    this.#quickest = Math.min(this.#quickest, this.#quickestOfRound);
    this.#newRound();
  }

  /** Halves, once for all that were under way together. */
  refused({ sentAt, now }: Omit<Answered, "isBusy">): void {
    if (sentAt < this.#halvedAt) return;
    this.#halvedAt = now;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#newRound();
  }

  /** Even the quickest answer of a crowded round is late where requests queue up at the host. */
  #isQuick(): boolean {
    return this.#quickestOfRound <= maxSlowdown * Math.max(this.#quickest, 1);
  }

  #grow(): void {
    const isNew = this.#halvedAt === -Infinity;
    this.#limit = Math.min(maxLimit, isNew ? this.#limit * 2 : this.#limit + 1);
  }

  #newRound(): void {
    this.#answers = 0;
    this.#wasBusy = false;
    this.#quickestOfRound = Infinity;
  }
}

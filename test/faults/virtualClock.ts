import { setTimeout as really } from "node:timers/promises";
import type { Clock } from "../../provider/stores/registry/pace/clock";

interface Waiting {
  readonly due: number;
  go(): void;
}

const quietMs = 1;
const quietTicks = 3;

/**
 * A clock that stands still while anybody works, and jumps to the next thing that is waited for when nobody does:
 * half a minute costs two milliseconds, and what is under way is never overtaken.
 */
export class VirtualClock implements Clock {
  private now = 0;
  private works = 0;
  private touches = 0;
  private isRunning = false;
  private waiting: Waiting[] = [];
  /** what was waited for, in order */
  readonly waits: number[] = [];

  constructor(private readonly dice: () => number = () => 0.5) {}

  readonly monotonic = (): number => this.now;
  readonly random = (): number => this.dice();
  /** the date that belongs to this time */
  readonly date = (): Date => new Date(Date.UTC(2026, 0, 1) + this.now);

  wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push(ms);
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.waiting = this.waiting.filter((one) => one !== mine);
        reject(signal.reason as Error);
      };
      const mine: Waiting = {
        due: this.now + ms,
        go: () => {
          signal.removeEventListener("abort", stop);
          resolve();
        },
      };
      signal.addEventListener("abort", stop, { once: true });
      this.waiting.push(mine);
      void this.run();
    });
  }

  /** Time passes for a server, as a delay or a drip. */
  readonly pause = async (ms: number): Promise<void> => {
    const due = this.now + ms;
    await new Promise<void>((go) => {
      this.waiting.push({ due, go });
      void this.run();
    });
  };

  /** A server begins to work on something (1), ends (-1), or something else moves (0). */
  readonly work = (change: 1 | 0 | -1): void => {
    this.works += change;
    this.touches += 1;
  };

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    let quiet = 0;
    while (this.waiting.length > 0) {
      const seen = this.touches;
      await really(quietMs);
      await new Promise(setImmediate);
      const isQuiet = this.works <= 0 && this.touches === seen;
      quiet = isQuiet ? quiet + 1 : 0;
      if (quiet < quietTicks) continue;
      this.jump();
      quiet = 0;
    }
    this.isRunning = false;
  }

  private jump(): void {
    const due = Math.min(...this.waiting.map((one) => one.due));
    const ready = this.waiting.filter((one) => one.due <= due);
    this.waiting = this.waiting.filter((one) => one.due > due);
    this.now = Math.max(this.now, due);
    this.touches += 1;
    for (const one of ready) one.go();
  }
}

/** Dice that fall alike for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

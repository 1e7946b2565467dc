import { setTimeout } from "node:timers/promises";

/** Time and chance, as the registry client needs them. Tests hand in their own. */
export interface Clock {
  /** milliseconds that only ever grow, whatever happens to the wall clock (W24) */
  monotonic(): number;
  /** Resolves after `ms`; rejects as soon as `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1 */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  random: () => Math.random(),
};

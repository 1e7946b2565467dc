import type { Reach } from "./ports";

/** The same reach, given up after `milliseconds`. */
export function within(reach: Reach, milliseconds: number): Reach {
  return {
    ...reach,
    signal: AbortSignal.any([reach.signal, AbortSignal.timeout(milliseconds)]),
  };
}

import { MirrorError } from "./errors";
import type { Source } from "./ports";
import { whereIn } from "./where";

const mebibyte = 1024 * 1024;
const most = 256 * mebibyte;

/** How many bytes may be kept of all that somebody lists: each piece has a bound of its own, and thousands of them would still fill the memory (N30). */
export class Allowance {
  #left = most;

  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Counts what is kept; throws `exceeded` as soon as it is too much. */
  take(bytes: number, place: Source): void {
    this.#left -= bytes;
    if (!this.isSpent) return;
    throw new MirrorError({
      fault: "exceeded",
      code: "LIMIT_EXCEEDED",
      what: "could not look at everything",
      where: whereIn(place),
      why: `the manifests, or the evidence, of one artifact have more than ${most / mebibyte} MiB`,
      remedy: "have the publisher remove what is not needed",
    });
  }
}

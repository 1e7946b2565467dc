import type { MirrorError, Side } from "../../../mirror/errors";

/** A host that did not answer so many tags in a row is asked about no further one: each would wait its own patience out. */
const enough = 5;

/** How often in a row a side has not answered, until it is asked no more. */
export class Patience {
  readonly #rows = new Map<Side | undefined, number>();
  #last: MirrorError | undefined;

  /** Notes how a tag ended. */
  note(error?: MirrorError): void {
    if (error?.fault !== "unreachable") return this.#rows.clear();
    const row = (this.#rows.get(error.where.side) ?? 0) + 1;
    this.#rows.set(error.where.side, row);
    if (row >= enough) this.#last = error;
  }

  /** Why nobody is asked any more, if it has come to that. */
  get reason(): MirrorError | undefined {
    return this.#last;
  }
}

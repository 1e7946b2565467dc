import type { SparseIndex } from "../../mirror/ports";

/** What is known of one host, learnt from its answers. A host is told by its whole name, never by a part of it. */
export interface Profile {
  /** `GET …/referrers/` answered with an index, or was not offered (W100, W101) */
  referrers: "offered" | "missing" | "unknown";
  sparseIndex: SparseIndex;
}

/** Profiles by API host, for as long as the process lives. */
export class Profiles {
  readonly #known = new Map<string, Profile>();

  of(host: string): Profile {
    const known = this.#known.get(host) ?? {
      referrers: "unknown",
      sparseIndex: "unknown",
    };
    this.#known.set(host, known);
    return known;
  }
}

import type { Descriptor } from "../oci/descriptor";

/** What a look at a source and a destination repository saw. */
export interface Listing {
  /** tags as each side lists them; absent where it could not be asked */
  readonly source?: readonly string[] | undefined;
  readonly destination?: readonly string[] | undefined;
  /** source tag → digest, as far as it was asked */
  readonly digests: ReadonlyMap<string, string>;
}

/** What one configured provider process saw and did. Read, Check and Create run in it one after the other. */
export class Memory {
  /** what a source named when it was last asked, by the reference as declared */
  readonly sources = new Map<string, Descriptor>();
  /** why a host, or a reference, did not answer: Check, which is serial, asks it no more */
  readonly silent = new Map<string, string>();
  /** what the last look at two repositories saw, by `listingKey` */
  readonly listings = new Map<string, Listing>();
  /** `repository@digest` that this run put in place: a delete in the same run must spare it */
  readonly written = new Set<string>();
  private readonly warned = new Set<string>();

  /** True the first time only: one warning a host. */
  isFirstWarning(host: string): boolean {
    const isFirst = !this.warned.has(host);
    this.warned.add(host);
    return isFirst;
  }
}

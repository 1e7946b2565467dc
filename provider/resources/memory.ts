import type { Descriptor } from "../oci/descriptor";
import type { Candidate } from "./mirroring/age/candidateOutput";

/** What a look at a source and a destination repository saw. */
export interface Listing {
  /** tags as each side lists them; absent where it could not be asked */
  readonly source?: readonly string[] | undefined;
  readonly destination?: readonly string[] | undefined;
  /** source tag → digest, as far as it was asked */
  readonly digests: ReadonlyMap<string, string>;
  /** tags at the destination that resources mirrored: those that are there, and those that are proven gone */
  readonly mirrored: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
  /** mirrored tags that may have moved at the source, by rules that came after the look */
  readonly unasked: ReadonlySet<string>;
  /** tag at the destination → what of it is to be left alone, though it is chosen */
  readonly held: ReadonlyMap<string, Held>;
  /** tag at the destination → what waits for its age */
  readonly candidates: ReadonlyMap<string, Candidate>;
}

/** A digest that is not asked for again: it was refused under that policy, or its tag names something else at the destination. */
export type Held =
  | {
      readonly why: "refused";
      readonly digest: string;
      readonly policyDigest: string | undefined;
    }
  | { readonly why: "occupied"; readonly digest: string };

/** What Read saw of an artifact with a cooldown, for Check. */
export interface Cooling {
  /** what was let in, and stays until the candidate is of age */
  readonly admitted: string;
  readonly candidate?: Candidate;
  /** whether no state remembers it yet */
  readonly isNew?: boolean;
  /** why its date is not known */
  readonly why?: string;
}

/** What one configured provider process saw and did. Read, Check and Create run in it one after the other. */
export class Memory {
  /** what a source named when it was last asked, by the reference as declared */
  readonly sources = new Map<string, Descriptor>();
  /** why a host, or a reference, did not answer: Check, which is serial, asks it no more */
  readonly silent = new Map<string, string>();
  /** what the last look at two repositories saw, by `listingKey` */
  readonly listings = new Map<string, Listing>();
  /** what of an artifact waits for its age, by `coolingKey` */
  readonly cooling = new Map<string, Cooling>();
  /** `repository@digest` that this run put in place: a delete in the same run must spare it */
  readonly written = new Set<string>();
  /** `repository:tag` at a destination → the source repository from which this run fills it */
  readonly #owners = new Map<string, string>();
  private readonly warned = new Set<string>();

  /** True the first time only: one warning a host. */
  isFirstWarning(host: string): boolean {
    const isFirst = !this.warned.has(host);
    this.warned.add(host);
    return isFirst;
  }

  /** Notes from which source repository a tag at a destination is filled. Answers the other one that has it already, if any. */
  claim(place: string, source: string): string | undefined {
    const owner = this.#owners.get(place) ?? source;
    this.#owners.set(place, owner);
    return owner === source ? undefined : owner;
  }

  /** Whether a resource of this run fills the tag (`repository:tag`). */
  isClaimed(place: string): boolean {
    return this.#owners.has(place);
  }
}

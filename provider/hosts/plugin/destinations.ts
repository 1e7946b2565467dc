import type { Value, Values } from "../../mirror/lifecycle";
import { MalformedError } from "../../oci/malformed";
import {
  formatReference,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";

/** Who mirrors to which tag in this run. Check may come several times for one resource; its last word counts. */
export class Destinations {
  readonly #byUrn = new Map<string, string>();
  readonly #byPlace = new Map<string, string>();

  /** Notes the tag that a resource fills (`undefined` while it is unknown). Answers the other resource that has it already, if any. */
  claim(urn: string, place: string | undefined): string | undefined {
    this.#release(urn);
    if (place === undefined) return undefined;
    const owner = this.#byPlace.get(place);
    if (owner !== undefined) return owner;
    this.#byUrn.set(urn, place);
    this.#byPlace.set(place, urn);
    return undefined;
  }

  #release(urn: string): void {
    const place = this.#byUrn.get(urn);
    if (place !== undefined) this.#byPlace.delete(place);
    this.#byUrn.delete(urn);
  }
}

/** The one tag that these inputs fill, and the repository it comes from; nothing where they name no tag, or are not known. */
export function tagFilledBy({ source, destination }: Values): {
  readonly place?: string | undefined;
  readonly source?: string | undefined;
} {
  const [from, to] = [referenceIn(source), referenceIn(destination)];
  return {
    place: to?.tag === undefined ? undefined : formatReference(to),
    source: from && repositoryOf(from),
  };
}

/** What is no reference is refused elsewhere. */
function referenceIn(value: Value): Reference | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return parseReference(value);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

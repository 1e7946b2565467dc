import { MalformedError } from "../../oci/malformed";
import { formatReference, parseReference } from "../../oci/reference";

/** Who mirrors to where in this run. Check may come several times for one resource; its last word counts. */
export class Destinations {
  readonly #byUrn = new Map<string, string>();
  readonly #byDestination = new Map<string, string>();

  /** Notes the resource's destination (`undefined` while it is unknown). Answers the other resource that has it already, if any. */
  claim(urn: string, text: string | undefined): string | undefined {
    this.#release(urn);
    if (text === undefined) return undefined;
    const destination = canonical(text);
    const owner = this.#byDestination.get(destination);
    if (owner !== undefined) return owner;
    this.#byUrn.set(urn, destination);
    this.#byDestination.set(destination, urn);
    return undefined;
  }

  #release(urn: string): void {
    const destination = this.#byUrn.get(urn);
    if (destination !== undefined) this.#byDestination.delete(destination);
    this.#byUrn.delete(urn);
  }
}

/** `nginx:1` and `docker.io/library/nginx:1` are one place; what is no reference is refused elsewhere. */
function canonical(text: string): string {
  try {
    return formatReference(parseReference(text));
  } catch (error) {
    if (error instanceof MalformedError) return text;
    throw error;
  }
}

import type { Digest } from "../../../oci/digest";
import { Flights } from "../../../mirror/flights";
import { Recent } from "./recent";

const maxContents = 100_000;

/** Which blobs and manifests this process knows to be where, so that a layer shared by many artifacts is sent once. */
export class Holdings {
  readonly #repositories = new Recent<Set<string>>(maxContents);
  /** uploads under way, by repository and digest */
  readonly uploads = new Flights<number>();
  /** repositories whose registries have said that there is no such one */
  readonly #missing = new Set<string>();

  isMissing(repository: string): boolean {
    return this.#missing.has(repository);
  }

  miss(repository: string): void {
    this.#missing.add(repository);
  }

  add(repository: string, content: Digest): void {
    this.#missing.delete(repository);
    const known = this.#repositories.get(content) ?? new Set();
    known.add(repository);
    this.#repositories.set(content, known);
  }

  has(repository: string, content: Digest): boolean {
    return this.#repositories.get(content)?.has(repository) ?? false;
  }

  remove(repository: string, digest: Digest): void {
    this.#repositories.get(digest)?.delete(repository);
  }

  repositoriesWith(blob: Digest): readonly string[] {
    return [...(this.#repositories.get(blob) ?? [])];
  }

  /** After a registry denied to have what we sent, nothing we know of that repository counts. */
  forget(repository: string): void {
    for (const known of this.#repositories.values()) known.delete(repository);
  }
}

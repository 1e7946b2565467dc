import type { Node, Source } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import type { Digest } from "../../../oci/digest";

/** A blob, and where it comes from. */
export interface Supply {
  readonly source: Pick<Source, "side" | "repository" | "open">;
  readonly blob: Descriptor;
}

const maxSupplies = 10_000;
const maxNodeBytes = 16 * 1024 * 1024;

/** What this process wrote where, so that what a registry loses or finds late is not mistaken for what never was (F33, F34). */
export class Brought {
  readonly #supplies = new Map<string, Supply>();
  readonly #nodes = new Map<
    string,
    { readonly node: Node; readonly at: number }
  >();
  #nodeBytes = 0;

  addBlob(repository: string, { source, blob }: Supply): void {
    this.#supplies.set(`${repository}@${blob.digest}`, { source, blob });
    for (const oldest of this.#supplies.keys()) {
      if (this.#supplies.size <= maxSupplies) break;
      this.#supplies.delete(oldest);
    }
  }

  addManifest(repository: string, node: Node, at: number): void {
    this.removeManifest(repository, node.descriptor.digest);
    this.#nodes.set(`${repository}@${node.descriptor.digest}`, { node, at });
    this.#nodeBytes += node.bytes.byteLength;
    for (const [oldest, { node: dropped }] of this.#nodes) {
      if (this.#nodeBytes <= maxNodeBytes) break;
      this.#nodes.delete(oldest);
      this.#nodeBytes -= dropped.bytes.byteLength;
    }
  }

  removeManifest(repository: string, digest: Digest): void {
    const key = `${repository}@${digest}`;
    this.#nodeBytes -= this.#nodes.get(key)?.node.bytes.byteLength ?? 0;
    this.#nodes.delete(key);
  }

  blob(repository: string, digest: Digest): Supply | undefined {
    return this.#supplies.get(`${repository}@${digest}`);
  }

  manifest(repository: string, digest: Digest): Node | undefined {
    return this.#nodes.get(`${repository}@${digest}`)?.node;
  }

  /** When a manifest was written here, on the monotonic clock. */
  writtenAt(repository: string, tagOrDigest: string): number | undefined {
    return this.#nodes.get(`${repository}@${tagOrDigest}`)?.at;
  }
}

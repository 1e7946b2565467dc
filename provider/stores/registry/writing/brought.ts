import type { Node } from "../../../mirror/ports";
import type { Digest } from "../../../oci/digest";
import type { Delivery } from "./delivery";

const maxDeliveries = 10_000;
const maxNodeBytes = 16 * 1024 * 1024;

/** What this process wrote where, so that what a registry loses or finds late is not mistaken for what never was (F33, F34). */
export class Brought {
  readonly #deliveries = new Map<string, Delivery>();
  readonly #nodes = new Map<
    string,
    { readonly node: Node; readonly at: number }
  >();
  #nodeBytes = 0;

  addBlob(repository: string, delivery: Delivery): void {
    const silent = { ...delivery, onBytes: () => undefined };
    this.#deliveries.set(`${repository}@${delivery.blob.digest}`, silent);
    for (const oldest of this.#deliveries.keys()) {
      if (this.#deliveries.size <= maxDeliveries) break;
      this.#deliveries.delete(oldest);
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

  blob(repository: string, digest: Digest): Delivery | undefined {
    return this.#deliveries.get(`${repository}@${digest}`);
  }

  manifest(repository: string, digest: Digest): Node | undefined {
    return this.#nodes.get(`${repository}@${digest}`)?.node;
  }

  /** When a manifest was written here, on the monotonic clock. */
  writtenAt(repository: string, tagOrDigest: string): number | undefined {
    return this.#nodes.get(`${repository}@${tagOrDigest}`)?.at;
  }
}

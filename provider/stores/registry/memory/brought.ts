import type { Node, Source } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import type { Digest } from "../../../oci/digest";
import { Recent } from "./recent";

/** A blob, and where it comes from. */
export interface Supply {
  readonly source: Pick<Source, "side" | "repository" | "open">;
  readonly blob: Descriptor;
}

interface Written {
  readonly node: Node;
  /** on the monotonic clock, in milliseconds */
  readonly at: number;
}

const maxSupplies = 10_000;
const maxNodeBytes = 16 * 1024 * 1024;
/** what is smaller counts as much, for a node is more than its bytes: 4096 nodes at the most */
const minNodeBytes = 4096;

/** What this process wrote where, so that what a registry loses or finds late is not mistaken for what never was (F33, F34). */
export class Brought {
  readonly #supplies = new Recent<Supply>(maxSupplies);
  readonly #nodes = new Recent<Written>(maxNodeBytes, ({ node }) =>
    Math.max(node.bytes.byteLength, minNodeBytes),
  );

  addBlob(repository: string, { source, blob }: Supply): void {
    this.#supplies.set(`${repository}@${blob.digest}`, { source, blob });
  }

  addManifest(repository: string, node: Node, at: number): void {
    this.#nodes.set(`${repository}@${node.descriptor.digest}`, { node, at });
  }

  removeManifest(repository: string, digest: Digest): void {
    this.#nodes.delete(`${repository}@${digest}`);
  }

  blob(repository: string, digest: Digest): Supply | undefined {
    return this.#supplies.get(`${repository}@${digest}`);
  }

  manifest(repository: string, digest: Digest): Node | undefined {
    return this.#nodes.get(`${repository}@${digest}`)?.node;
  }

  /** When a manifest was written here, on the monotonic clock in milliseconds. */
  writtenAt(repository: string, tagOrDigest: string): number | undefined {
    return this.#nodes.get(`${repository}@${tagOrDigest}`)?.at;
  }
}

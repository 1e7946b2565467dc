import type { Node } from "../../mirror/ports";
import type { Descriptor } from "../../oci/descriptor";
import { blobsOf } from "../../oci/manifest";

/** What manifests take with all their blobs, each digest once. */
export function totalSize(nodes: readonly Node[]): number {
  const parts = new Map<string, Descriptor>();
  for (const { descriptor, manifest } of nodes) {
    parts.set(descriptor.digest, descriptor);
    for (const blob of blobsOf(manifest)) parts.set(blob.digest, blob);
  }
  return [...parts.values()].reduce((sum, { size }) => sum + size, 0);
}

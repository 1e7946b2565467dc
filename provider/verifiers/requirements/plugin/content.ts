import type {
  EvidenceManifest,
  Judged,
  Node,
  Source,
} from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { isDigest, type Digest } from "../../../oci/digest";
import { blobsOf, childrenOf } from "../../../oci/manifest";
import { mediaTypes } from "../../../oci/mediaType";
import { isReferrer, referenceOf } from "./referrer";

/** A manifest or blob that may be served, and where it lies. */
export interface Served {
  readonly descriptor: Descriptor;
  readonly from: Source;
  /** at hand for what was read to be judged; a child of the artifact is read when it is asked for */
  readonly node?: Node;
}

/** What a plugin may read: one subject, what is about it, and what they name; nothing else of the registry. */
export class Content {
  readonly #manifests = new Map<Digest, Served>();
  readonly #blobs = new Map<Digest, Served>();
  readonly #tags = new Map<string, Digest>();
  readonly #referrers: readonly EvidenceManifest[];

  constructor({ node, place, referrers }: Judged) {
    this.#referrers = referrers;
    this.learn(node, place);
    for (const { below, from, node: evidence, tag } of referrers) {
      for (const part of [...below, evidence]) this.learn(part, from);
      if (tag !== undefined) this.#tags.set(tag, evidence.descriptor.digest);
    }
  }

  /** Lets a manifest be served, and what it names. */
  learn(node: Node, from: Source): void {
    const { descriptor, manifest } = node;
    this.#manifests.set(descriptor.digest, { descriptor, from, node });
    for (const child of childrenOf(manifest)) {
      if (this.#manifests.has(child.digest)) continue;
      this.#manifests.set(child.digest, { descriptor: child, from });
    }
    for (const blob of blobsOf(manifest)) {
      this.#blobs.set(blob.digest, { descriptor: blob, from });
    }
  }

  manifest(tagOrDigest: string): Served | undefined {
    const digest = this.#tags.get(tagOrDigest) ?? tagOrDigest;
    return byText(this.#manifests, digest);
  }

  blob(digest: string): Served | undefined {
    return byText(this.#blobs, digest);
  }

  /** The referrers of a manifest as the distribution spec lists them (end-12a). */
  index(subject: string, artifactType?: string): Buffer {
    const manifests = this.#referrers
      .filter((one) => isReferrer(one) && one.subject.digest === subject)
      .map(referenceOf)
      .filter((one) => (artifactType ?? one.artifactType) === one.artifactType);
    const { ociIndex: mediaType } = mediaTypes;
    const index = { schemaVersion: 2, mediaType, manifests };
    return Buffer.from(JSON.stringify(index));
  }
}

function byText(
  known: ReadonlyMap<Digest, Served>,
  digest: string,
): Served | undefined {
  return isDigest(digest) ? known.get(digest) : undefined;
}

import type { Descriptor } from "../../../provider/oci/descriptor";
import { digestOf, type Digest } from "../../../provider/oci/digest";
import {
  artifactTypeOf,
  blobsOf,
  childrenOf,
  parseManifest,
} from "../../../provider/oci/manifest";
import { isManifestType, mediaTypes } from "../../../provider/oci/mediaType";
import { MirrorError, type Side } from "../../../provider/mirror/errors";
import type {
  Copying,
  Destination,
  Node,
  Reach,
  Served,
  Source,
  SparseIndex,
} from "../../../provider/mirror/ports";

export const reach: Reach = {
  send: () => Promise.reject(new Error("the core sends nothing")),
  signal: new AbortController().signal,
  now: () => new Date("2026-11-21T00:00:00Z"),
};

/** A place in memory, which writes down what was asked of it. It keeps the ports' promises and nothing more. */
export class MemoryStore implements Destination {
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<
    string,
    { bytes: Uint8Array; mediaType: string }
  >();
  readonly named = new Map<string, Digest>();
  /** what `referrers` claims beyond the truth */
  readonly claims = new Map<string, Descriptor[]>();
  /** thrown instead of a list of referrers */
  unlisted?: Error;
  readonly log: string[] = [];
  isMissing = false;
  sparseIndex: SparseIndex = "accepted";
  /** whether an image may be offered before its blobs */
  rejectsDangling = true;

  constructor(
    readonly side: Side,
    readonly repository: string = `${side}.example/app`,
  ) {}

  async resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    this.log.push(`resolve ${tagOrDigest}`);
    const digest = this.named.get(tagOrDigest) ?? tagOrDigest;
    const found = this.manifests.get(digest);
    return found && descriptorOf(found.bytes, found.mediaType);
  }

  async fetch(tagOrDigest: string): Promise<Served | undefined> {
    this.log.push(`fetch ${tagOrDigest}`);
    const digest = this.named.get(tagOrDigest) ?? tagOrDigest;
    const found = this.manifests.get(digest);
    return (
      found && {
        descriptor: descriptorOf(found.bytes, found.mediaType),
        bytes: found.bytes,
      }
    );
  }

  async has({ digest, mediaType }: Descriptor): Promise<boolean> {
    this.log.push(`has ${digest}`);
    return isManifestType(mediaType)
      ? this.manifests.has(digest)
      : this.blobs.has(digest);
  }

  async read({ digest }: Descriptor): Promise<Uint8Array> {
    this.log.push(`read ${digest}`);
    const bytes = this.manifests.get(digest)?.bytes ?? this.blobs.get(digest);
    if (bytes) return bytes;
    throw new MirrorError({
      fault: "absent",
      code: "NOT_FOUND_BLOB",
      what: "could not read",
      why: "it is not there",
      remedy: "look elsewhere",
    });
  }

  async *open(node: Descriptor): AsyncIterable<Uint8Array> {
    yield await this.read(node);
  }

  async tags(): Promise<readonly string[]> {
    return [...this.named.keys()].sort();
  }

  async referrers(subject: Digest): Promise<readonly Descriptor[]> {
    this.log.push(`referrers ${subject}`);
    if (this.unlisted) throw this.unlisted;
    const own = [...this.manifests.values()].flatMap(({ bytes, mediaType }) => {
      const manifest = parseManifest(bytes, mediaType);
      if (manifest.subject?.digest !== subject) return [];
      return [
        {
          ...descriptorOf(bytes, mediaType),
          artifactType: artifactTypeOf(manifest),
        },
      ];
    });
    return [...own, ...(this.claims.get(subject) ?? [])];
  }

  async copyFrom(
    source: Source,
    blob: Descriptor,
    { onBytes }: Copying,
  ): Promise<number> {
    this.log.push(`copy ${blob.digest}`);
    for await (const chunk of source.open(blob, reach)) {
      onBytes(chunk.length);
      this.blobs.set(blob.digest, chunk);
    }
    return blob.size;
  }

  async offer(node: Node): Promise<readonly Digest[] | undefined> {
    this.log.push(`offer ${node.descriptor.digest}`);
    if (!this.rejectsDangling) return undefined;
    const missing = blobsOf(node.manifest).filter(
      ({ digest }) => !this.blobs.has(digest),
    );
    if (missing.length === 0) await this.put(node);
    return missing.map(({ digest }) => digest);
  }

  async put({ descriptor, bytes, manifest }: Node): Promise<void> {
    this.log.push(`put ${descriptor.digest}`);
    const missing = blobsOf(manifest).filter(
      ({ digest }) => !this.blobs.has(digest),
    );
    const orphans =
      this.sparseIndex === "refused"
        ? childrenOf(manifest).filter(
            ({ digest }) => !this.manifests.has(digest),
          )
        : [];
    if (missing.length + orphans.length > 0)
      throw new Error(`blobs missing below ${descriptor.digest}`);
    this.manifests.set(descriptor.digest, {
      bytes,
      mediaType: descriptor.mediaType,
    });
  }

  async tag(tag: string, node: Node): Promise<void> {
    this.log.push(`tag ${tag}`);
    this.manifests.set(node.descriptor.digest, {
      bytes: node.bytes,
      mediaType: node.descriptor.mediaType,
    });
    this.named.set(tag, node.descriptor.digest);
  }

  async untag(tag: string): Promise<void> {
    this.log.push(`untag ${tag}`);
    this.named.delete(tag);
  }

  async remove({ digest }: Descriptor): Promise<void> {
    this.log.push(`remove ${digest}`);
    this.manifests.delete(digest);
    for (const [tag, target] of this.named)
      if (target === digest) this.named.delete(tag);
  }

  /** Puts a blob and answers its descriptor. */
  blob(
    text: string,
    mediaType = "application/octet-stream",
    annotations?: Record<string, string>,
  ): Descriptor {
    const bytes = Buffer.from(text);
    this.blobs.set(digestOf(bytes), bytes);
    return {
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
      ...(annotations && { annotations }),
    };
  }

  /** Puts a manifest document, tags it where asked, and answers its descriptor. */
  document(document: object, tag?: string): Descriptor {
    const bytes = Buffer.from(JSON.stringify(document));
    const mediaType =
      "mediaType" in document
        ? String(document.mediaType)
        : mediaTypes.ociManifest;
    this.manifests.set(digestOf(bytes), { bytes, mediaType });
    if (tag !== undefined) this.named.set(tag, digestOf(bytes));
    return descriptorOf(bytes, mediaType);
  }

  /** An image of one layer. */
  image(
    text: string,
    more: {
      readonly tag?: string;
      readonly layers?: readonly Descriptor[];
    } = {},
  ): Descriptor {
    const { tag, ...members } = more;
    const config = this.blob(
      `config of ${text}`,
      "application/vnd.oci.image.config.v1+json",
    );
    const layers = [
      this.blob(`layer of ${text}`, "application/vnd.oci.image.layer.v1.tar"),
    ];
    return this.document(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config,
        layers,
        ...members,
      },
      tag,
    );
  }

  index(manifests: readonly object[], tag?: string): Descriptor {
    return this.document(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
      tag,
    );
  }

  /** An evidence manifest that refers to the subject. */
  referrer(subject: Descriptor, text: string, more: object = {}): Descriptor {
    const config = this.blob("{}", mediaTypes.empty);
    const layers = [this.blob(text, "application/vnd.example.evidence")];
    const { mediaType, digest, size } = subject;
    return this.document({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: "application/vnd.example.evidence",
      config,
      layers,
      subject: { mediaType, digest, size },
      ...more,
    });
  }
}

function descriptorOf(bytes: Uint8Array, mediaType: string): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

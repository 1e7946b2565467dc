import type { Node, Source } from "../../provider/mirror/ports";
import type { Descriptor } from "../../provider/oci/descriptor";
import {
  algorithmOf,
  digestOf,
  type Algorithm,
  type Digest,
} from "../../provider/oci/digest";
import { parseManifest } from "../../provider/oci/manifest";
import { mediaTypes } from "../../provider/oci/mediaType";
import { proven } from "../../provider/stores/proven";

/** Some content, and how it is described. */
export interface Content {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** A blob of these bytes. */
export function blobOf(
  bytes: Uint8Array | string,
  algorithm: Algorithm = "sha256",
): Content {
  const content = Buffer.from(bytes);
  const digest = digestOf(content, algorithm);
  const mediaType = "application/octet-stream";
  return {
    descriptor: { mediaType, digest, size: content.length },
    bytes: content,
  };
}

/** A manifest or index with these members. */
export function nodeOf(mediaType: string, members: object): Node {
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...members });
  const { descriptor, bytes } = blobOf(text);
  return {
    descriptor: { ...descriptor, mediaType },
    bytes,
    manifest: parseManifest(bytes, mediaType),
  };
}

export const emptyConfig = {
  ...blobOf("{}"),
  descriptor: { ...blobOf("{}").descriptor, mediaType: mediaTypes.empty },
};

/** An artifact without layers, told apart by its title. */
export function artifact(title: string, subject?: Descriptor): Node {
  return nodeOf(mediaTypes.ociManifest, {
    artifactType: "application/vnd.test.artifact",
    config: emptyConfig.descriptor,
    layers: [],
    subject,
    annotations: { title },
  });
}

/** A source in memory: it hands out what it was given, chunk by chunk, and may be told to hand out something else. */
export function memorySource(
  contents: readonly Content[],
  lies: ReadonlyMap<Digest, Uint8Array> = new Map(),
): Source {
  const held = new Map(contents.map((c) => [c.descriptor.digest, c.bytes]));
  const unasked = () => Promise.reject(new Error("not asked in these tests"));
  return {
    side: "source",
    repository: "memory.test/samples",
    sparseIndex: "accepted",
    isMissing: false,
    resolve: unasked,
    fetch: unasked,
    tags: unasked,
    referrers: unasked,
    read: unasked,
    has: (node) => Promise.resolve(held.has(node.digest)),
    open(node) {
      const lie = lies.get(node.digest);
      if (lie !== undefined) return inChunks(lie);
      const bytes = held.get(node.digest);
      if (bytes === undefined) throw new Error(`no ${node.digest} in memory`);
      return proven(inChunks(bytes), node, { side: "source" });
    },
  };
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const chunkBytes = 64 * 1024;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield bytes.subarray(at, at + chunkBytes);
  }
}

/** Bytes of the same length with another digest. */
export function spoiled({ bytes, descriptor }: Content): Uint8Array {
  const other = Buffer.from(bytes);
  other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
  if (digestOf(other, algorithmOf(descriptor.digest)) === descriptor.digest) {
    throw new Error("nothing was spoiled");
  }
  return other;
}

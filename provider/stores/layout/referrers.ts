import { whereIn } from "../../mirror/where";
import type { Descriptor } from "../../oci/descriptor";
import { referrersTag, type Digest } from "../../oci/digest";
import { MalformedError } from "../../oci/malformed";
import { childrenOf, parseManifest, type Manifest } from "../../oci/manifest";
import { isIndexType, isManifestType } from "../../oci/mediaType";
import { describeReferrer } from "../describeReferrer";
import { readBlob } from "./blobs";
import { named } from "./entries";
import { maxIndexBytes, type IndexFile } from "./indexFile";
import { tooBig } from "./disk";
import { damaged, type Place } from "./place";

/** What a manifest refers to, and how a listing describes it. Content with one digest never changes, so it may be kept. */
export interface Referring {
  readonly subject?: Digest;
  readonly descriptor: Descriptor;
}

/** All manifests of a layout that name the subject, and those under its fallback tag, each once; complete, or it throws. */
export async function referrersIn(
  place: Place,
  index: IndexFile,
  asked: {
    readonly subject: Digest;
    readonly known: Map<Digest, Referring>;
  },
): Promise<readonly Descriptor[]> {
  const found = new Map<Digest, Descriptor>();
  for (const { descriptor } of index.entries) {
    if (!isManifestType(descriptor.mediaType)) continue;
    const referring =
      asked.known.get(descriptor.digest) ?? (await refer(place, descriptor));
    asked.known.set(descriptor.digest, referring);
    if (referring.subject === asked.subject) {
      found.set(descriptor.digest, referring.descriptor);
    }
  }
  for (const child of await listed(place, index, asked.subject)) {
    if (!found.has(child.digest)) found.set(child.digest, child);
  }
  return [...found.values()];
}

async function refer(place: Place, node: Descriptor): Promise<Referring> {
  const manifest = await readManifest(place, node);
  const descriptor = describeReferrer(node, manifest);
  return { subject: manifest.subject?.digest, descriptor };
}

/** Other tools list referrers under the fallback tag in a layout too. */
async function listed(
  place: Place,
  index: IndexFile,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  const tag = referrersTag(subject);
  const node = named(index, tag, whereIn(place, tag));
  if (node === undefined || !isIndexType(node.mediaType)) return [];
  return childrenOf(await readManifest(place, node));
}

async function readManifest(place: Place, node: Descriptor): Promise<Manifest> {
  const where = whereIn(place, node.digest);
  if (node.size > maxIndexBytes)
    throw tooBig(node.digest, maxIndexBytes, where);
  const bytes = await readBlob(place, node);
  try {
    return parseManifest(bytes, node.mediaType);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw damaged(where, `it is no manifest: ${error.message}`, error);
  }
}

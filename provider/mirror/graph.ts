import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { MalformedError } from "../oci/malformed";
import {
  blobsOf,
  childrenOf,
  parseManifest,
  type Manifest,
} from "../oci/manifest";
import { isManifestType } from "../oci/mediaType";
import { formatPlatform, type Platform } from "../oci/platform";
import { Allowance } from "./allowance";
import { mapBounded } from "./bounded";
import { chooseChildren } from "./platforms";
import { MirrorError, type Where } from "./errors";
import type { Node, Reach, Served, Source } from "./ports";
import { whereIn } from "./where";

/** registry.md W54 */
const maxManifestBytes = 4 * 1024 * 1024;
/** How deep indexes may lie within each other (registry.md W150). */
export const maxIndexDepth = 4;
const maxManifests = 2000;
const readsAtOnce = 8;

/** An artifact whose every manifest was read and re-hashed. */
export interface Artifact {
  readonly root: Node;
  /** children before their parents, the root last, each digest once */
  readonly manifests: readonly Node[];
  /** each digest once */
  readonly blobs: readonly Descriptor[];
  /** children of an index that were not chosen: the index keeps naming them */
  readonly leftOut: readonly Descriptor[];
}

/** Reads and parses one manifest. Throws `unsupported` for a kind we do not take, `corrupt` for one that breaks its grammar. */
export async function readNode(
  place: Source,
  descriptor: Descriptor,
  reach: Reach,
): Promise<Node> {
  mustBeManifest(place, descriptor);
  const bytes = await place.read(descriptor, maxManifestBytes, reach);
  return parseNode(place, { descriptor, bytes });
}

/** The same of one whose bytes the place has served already. */
export function parseNode(place: Source, { descriptor, bytes }: Served): Node {
  mustBeManifest(place, descriptor);
  const where = whereIn(place, descriptor.digest);
  return {
    descriptor,
    bytes,
    manifest: parsed(bytes, descriptor.mediaType, where),
  };
}

function mustBeManifest(
  place: Source,
  { mediaType, digest }: Descriptor,
): void {
  if (isManifestType(mediaType)) return;
  throw new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: "could not read the manifest",
    where: whereIn(place, digest),
    why: `its media type is ${mediaType}`,
    remedy: "publish it as an OCI manifest or index, or as Docker schema 2",
  });
}

function parsed(bytes: Uint8Array, mediaType: string, where: Where): Manifest {
  try {
    return parseManifest(bytes, mediaType);
  } catch (cause) {
    const isDigest = cause instanceof MalformedError && cause.rule === "digest";
    throw new MirrorError({
      fault: "corrupt",
      code: isDigest ? "PROTOCOL" : "AMBIGUOUS_MANIFEST",
      what: "could not take the manifest",
      where,
      why: String(cause),
      remedy:
        "ask the publisher to mend it: readers do not agree on what it says",
      cause,
    });
  }
}

/** Reads the whole artifact below `root`. With `platforms`, an index keeps its bytes and only those children are followed. */
export async function walk(
  place: Source,
  root: Descriptor,
  options: {
    readonly platforms: readonly Platform[];
    readonly reach: Reach;
    /** where it is a part of something larger, what all of that may take */
    readonly allowance?: Allowance;
  },
): Promise<Artifact> {
  const { allowance = new Allowance() } = options;
  const found = new Map<Digest, Node>();
  const leftOut = new Map<Digest, Descriptor>();
  const met = new Set<Digest>();

  const visit = async (
    descriptor: Descriptor,
    depth: number,
  ): Promise<Node> => {
    bound(place, root, { depth, manifests: met.size });
    const node = await readNode(place, descriptor, options.reach);
    allowance.take(node.bytes.length, place);
    const { chosen, left } = chooseChildren(node.manifest, options.platforms);
    for (const child of left) leftOut.set(child.digest, child);
    const fresh = chosen.filter((child) => !met.has(child.digest));
    for (const child of fresh) met.add(child.digest);
    await mapBounded(fresh, readsAtOnce, (child) => visit(child, depth + 1));
    found.set(descriptor.digest, node);
    return node;
  };

  met.add(root.digest);
  const top = await visit(root, 0);
  mustMatchSome(place, top, options.platforms);
  const manifests = childrenFirst(top, found);
  const blobs = new Map(
    manifests
      .flatMap((node) => blobsOf(node.manifest))
      .map((blob) => [blob.digest, blob]),
  );
  for (const digest of found.keys()) leftOut.delete(digest);
  return {
    root: top,
    manifests,
    blobs: [...blobs.values()],
    leftOut: [...leftOut.values()],
  };
}

function bound(
  place: Source,
  root: Descriptor,
  size: { depth: number; manifests: number },
): void {
  if (size.depth <= maxIndexDepth && size.manifests <= maxManifests) return;
  throw new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not read the artifact",
    where: whereIn(place, root.digest),
    why: `it nests deeper than ${maxIndexDepth} indexes or holds more than ${maxManifests} manifests`,
    remedy: "mirror its parts one by one",
  });
}

function mustMatchSome(
  place: Source,
  root: Node,
  platforms: readonly Platform[],
): void {
  if (root.manifest.kind !== "index") return;
  const { missing, offered } = chooseChildren(root.manifest, platforms);
  if (missing.length === 0) return;
  throw new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not choose platforms",
    where: whereIn(place, root.descriptor.digest),
    why: `the index has no ${missing.map(formatPlatform).join(", ")}`,
    remedy: `choose among ${offered.join(", ")}`,
  });
}

/** Post-order: an edge always points to something earlier in the list. */
function childrenFirst(root: Node, found: ReadonlyMap<Digest, Node>): Node[] {
  const ordered = new Map<Digest, Node>();
  const visit = (node: Node) => {
    for (const child of childrenOf(node.manifest)) {
      const next = found.get(child.digest);
      if (next && !ordered.has(child.digest)) visit(next);
    }
    ordered.set(node.descriptor.digest, node);
  };
  visit(root);
  return [...ordered.values()];
}

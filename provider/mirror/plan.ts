import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { blobsOf } from "../oci/manifest";
import { mapBounded } from "./bounded";
import { evidenceTagMoves } from "./evidenceTags";
import type { Copy, TagMove } from "./moves";
import { mustTakeSparse, mustHaveForeignLayers } from "./exceptions";
import type { EvidenceManifest, Node, Reach, Source } from "./ports";
import type { Admitted } from "./verify";

const asksAtOnce = 16;

/** Everything `transfer` will write, in its order. Plain data; made by reading only. */
export interface Plan {
  readonly admitted: Admitted;
  /** missing blobs of the artifact, largest first */
  readonly blobs: readonly Copy[];
  /** missing manifests of the artifact, children before parents */
  readonly manifests: readonly Node[];
  readonly evidenceBlobs: readonly Copy[];
  /** missing evidence, deepest first */
  readonly evidence: readonly Node[];
  /** cosign's tags */
  readonly evidenceTags: readonly TagMove[];
  /** the artifact's own tag; absent when it already names the root */
  readonly tag?: TagMove;
  /** the evidence manifests that the destination will have */
  readonly expected: readonly Digest[];
  /** children that are left out and that the destination does not have either */
  readonly sparse: readonly Descriptor[];
}

/** How much of a plan there is to copy. */
export interface Amount {
  readonly blobs: number;
  readonly bytes: number;
  readonly manifests: number;
  readonly evidence: number;
}

/** What is wanted at the destination. */
export interface Wanted {
  readonly admitted: Admitted;
  readonly source: Source;
  /** chosen by `select`, each after what it is about */
  readonly evidence: readonly EvidenceManifest[];
  readonly tag: string;
}

/** Asks the destination what it lacks. A root that is there proves nothing about what is below it: every node is asked for. */
export async function plan(
  wanted: Wanted,
  destination: Source,
  reach: Reach,
): Promise<Plan> {
  const { admitted, source, evidence } = wanted;
  const ask = { destination, reach };
  const own = admitted.artifact.blobs.map((blob): Copy => ({
    blob,
    from: source,
  }));
  const [blobs, manifests, evidenceBlobs, tags, now, sparse] =
    await Promise.all([
      lacking(own, ({ blob }) => blob, ask),
      lacking(admitted.artifact.manifests, ({ descriptor }) => descriptor, ask),
      lacking(evidenceCopies(evidence, own), ({ blob }) => blob, ask),
      evidenceTagMoves(evidence, ask),
      destination.resolve(wanted.tag, reach),
      lacking(admitted.artifact.leftOut, (child) => child, ask),
    ]);
  mustTakeSparse(sparse, destination, admitted.artifact);
  await mustHaveForeignLayers(blobs, reach);
  const nodes = unique(
    deepestFirst(evidence, tags.joined),
    ({ descriptor }) => descriptor.digest,
  );
  const { root } = admitted.artifact;
  return {
    admitted,
    blobs: largestFirst(blobs),
    manifests,
    evidenceBlobs: largestFirst(evidenceBlobs),
    evidence: await lacking(nodes, ({ descriptor }) => descriptor, ask),
    evidenceTags: tags.moves,
    tag:
      now?.digest === root.descriptor.digest
        ? undefined
        : { tag: wanted.tag, node: root, was: now?.digest },
    expected: evidence.map(
      (one) => (tags.joined.get(one) ?? one.node).descriptor.digest,
    ),
    sparse,
  };
}

/** Blobs, bytes, manifests and evidence manifests still to be copied. */
export function amountOf(planned: Plan): Amount {
  const blobs = [...planned.blobs, ...planned.evidenceBlobs];
  return {
    blobs: blobs.length,
    bytes: blobs.reduce((sum, { blob }) => sum + blob.size, 0),
    manifests: planned.manifests.length,
    evidence: planned.evidence.length,
  };
}

function deepestFirst(
  evidence: readonly EvidenceManifest[],
  joined: ReadonlyMap<EvidenceManifest, Node>,
): Node[] {
  return [...evidence]
    .reverse()
    .flatMap((one) => [...one.below, joined.get(one) ?? one.node]);
}

function evidenceCopies(
  evidence: readonly EvidenceManifest[],
  own: readonly Copy[],
): Copy[] {
  const known = new Set(own.map(({ blob }) => blob.digest));
  const copies = evidence.flatMap(({ node, below, from }) =>
    [...below, node]
      .flatMap(({ manifest }) => blobsOf(manifest))
      .map((blob): Copy => ({ blob, from })),
  );
  return unique(copies, ({ blob }) => blob.digest).filter(
    ({ blob }) => !known.has(blob.digest),
  );
}

async function lacking<Item>(
  items: readonly Item[],
  node: (item: Item) => Descriptor,
  ask: { readonly destination: Source; readonly reach: Reach },
): Promise<Item[]> {
  const have = await mapBounded(items, asksAtOnce, (item) =>
    ask.destination.has(node(item), ask.reach),
  );
  return items.filter((_, index) => !have[index]);
}

function unique<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

const largestFirst = (copies: readonly Copy[]) =>
  [...copies].sort((left, right) => right.blob.size - left.blob.size);

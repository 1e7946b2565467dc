import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { blobsOf } from "../oci/manifest";
import { mapBounded } from "./bounded";
import { evidenceTagMoves, type EvidenceTags } from "./evidenceTags";
import type { Copy, TagMove } from "./moves";
import { mustTakeSparse, mustHaveForeignLayers } from "./exceptions";
import type { EvidenceManifest, Node, Reach, Source } from "./ports";
import type { Admitted } from "./verify";

const asksAtOnce = 16;

/** Everything `transfer` will write, in its order. Plain data; made by reading only. */
export interface Plan {
  readonly admitted: Admitted;
  /** whether the destination was asked for each part; else what it has is found out by writing, which costs less where it has nothing */
  readonly isAsked: boolean;
  /** blobs of the artifact that are missing, or were not asked for; largest first */
  readonly blobs: readonly Copy[];
  /** the same of its manifests, children before parents */
  readonly manifests: readonly Node[];
  readonly evidenceBlobs: readonly Copy[];
  /** the same of evidence, deepest first */
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
  /** whether the tag is probably not there yet */
  readonly isNew: boolean;
  /** whether somebody will read how much is to be copied: then everything is asked for */
  readonly isShown: boolean;
}

/** Asks the destination what it lacks. A root that is there proves nothing about what is below it: then every node is asked for. */
export async function plan(
  wanted: Wanted,
  destination: Source,
  reach: Reach,
): Promise<Plan> {
  const { admitted, evidence } = wanted;
  const { root, leftOut } = admitted.artifact;
  const look = wanted.isNew ? "absent" : undefined;
  const [isRootHere, now, tags, sparse] = await Promise.all([
    wanted.isShown || destination.has(root.descriptor, reach),
    destination.resolve(wanted.tag, reach, look),
    evidenceTagMoves(evidence, { destination, reach }),
    lacking(leftOut, (child) => child, { destination, reach }),
  ]);
  const ask = { destination, reach, isAsked: isRootHere };
  const parts = await partsOf(wanted, tags, ask);
  mustTakeSparse(sparse, destination, admitted.artifact);
  await mustHaveForeignLayers(parts.blobs, reach);
  return {
    admitted,
    isAsked: isRootHere,
    ...parts,
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

interface Ask {
  readonly destination: Source;
  readonly reach: Reach;
}

async function partsOf(
  { admitted, source, evidence }: Wanted,
  { joined }: EvidenceTags,
  ask: Ask & { readonly isAsked: boolean },
): Promise<Pick<Plan, "blobs" | "manifests" | "evidenceBlobs" | "evidence">> {
  const { artifact } = admitted;
  const own = artifact.blobs.map((blob): Copy => ({ blob, from: source }));
  const nodes = unique(
    deepestFirst(evidence, joined),
    ({ descriptor }) => descriptor.digest,
  );
  const others = evidenceCopies(evidence, own);
  const missing = (all: readonly Node[]) =>
    ask.isAsked ? lacking(all, ({ descriptor }) => descriptor, ask) : all;
  const [blobs, manifests, evidenceBlobs, missingEvidence] = await Promise.all([
    copiesOf(own, ask),
    missing(artifact.manifests),
    copiesOf(others, ask),
    missing(nodes),
  ]);
  return {
    blobs: largestFirst(blobs),
    manifests,
    evidenceBlobs: largestFirst(evidenceBlobs),
    evidence: missingEvidence,
  };
}

/** What only its publisher may hand out is asked for in any case: the source may not have it. */
async function copiesOf(
  copies: readonly Copy[],
  ask: Ask & { readonly isAsked: boolean },
): Promise<Copy[]> {
  const isAsked = ({ blob }: Copy) => ask.isAsked || blob.urls !== undefined;
  const asked = copies.filter(isAsked);
  const absent = await lacking(asked, ({ blob }) => blob, ask);
  return [
    ...absent.map((copy) => ({ ...copy, isAbsent: true })),
    ...copies.filter((copy) => !isAsked(copy)),
  ];
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
  ask: Ask,
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

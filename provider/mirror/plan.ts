import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { blobsOf } from "../oci/manifest";
import { mapBounded } from "./bounded";
import { MirrorError } from "./errors";
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
  const { admitted, evidence, isNew } = wanted;
  const { root, leftOut } = admitted.artifact;
  const named = destination.resolve(
    wanted.tag,
    reach,
    isNew ? "absent" : undefined,
  );
  if (isNew) await named; // it may say that there is nothing at all to be asked
  const place = destination.isMissing ? nothingAt(destination) : destination;
  const ask = { destination: place, reach };
  const [isRootHere, now, tags, sparse] = await Promise.all([
    wanted.isShown || place.isMissing || place.has(root.descriptor, reach),
    named,
    evidenceTagMoves(evidence, ask),
    lacking(leftOut, (child) => child, ask),
  ]);
  const parts = await partsOf(wanted, tags, { ...ask, isAsked: isRootHere });
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

/** The same place, which need not be asked to know that it has nothing. */
function nothingAt(place: Source): Source {
  return {
    ...place,
    isMissing: true,
    fetch: async () => undefined,
    has: async () => false,
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
  const { isAsked } = ask;
  const [blobs, manifests, evidenceBlobs, missingEvidence] = await Promise.all([
    copiesOf(own, ask),
    isAsked ? lackingNodes(artifact.manifests, ask) : artifact.manifests,
    copiesOf(others, ask),
    isAsked ? lackingEvidence(nodes, ask) : nodes,
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

const lackingNodes = (nodes: readonly Node[], ask: Ask) =>
  lacking(nodes, ({ descriptor }) => descriptor, ask);

/** A referrer that is there and not listed was left behind by a run that ended in between: written again, it is listed. */
async function lackingEvidence(
  nodes: readonly Node[],
  ask: Ask,
): Promise<Node[]> {
  const missing = new Set(await lackingNodes(nodes, ask));
  const present = nodes.filter((node) => !missing.has(node));
  const subjects = unique(
    present.flatMap(({ manifest }) => manifest.subject?.digest ?? []),
    (digest) => digest,
  );
  const listed = await mapBounded(subjects, asksAtOnce, (subject) =>
    referrersOf(subject, ask),
  );
  const found = new Set(listed.flat());
  return nodes.filter(
    (node) =>
      missing.has(node) ||
      (node.manifest.subject && !found.has(node.descriptor.digest)),
  );
}

async function referrersOf(subject: Digest, ask: Ask): Promise<Digest[]> {
  try {
    const listed = await ask.destination.referrers(subject, ask.reach);
    return listed.map(({ digest }) => digest);
  } catch (error) {
    const isDenied = error instanceof MirrorError && error.fault === "denied";
    if (isDenied) return []; // then they are written again
    throw error;
  }
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

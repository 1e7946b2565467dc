import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { mapBounded } from "./bounded";
import { walk } from "./graph";
import {
  listEvidence,
  listingDigest,
  maxEvidenceDepth,
  subjectOf,
  type Listed,
  type Subject,
} from "./listing";
import type { Platform } from "../oci/platform";
import type { Reach, Source } from "./ports";

const asksAtOnce = 8;
const otherEvidence = "the source lists other evidence than before";

/** How much evidence is looked at between changes: the root's listing at the source, every node on both sides, or none. */
export type Watch = "root" | "all" | "none";

/** What was admitted, and how its evidence stood then. */
export interface Remembered {
  readonly root: Descriptor;
  readonly platforms: readonly Platform[];
  /** `listingDigest` of the root's evidence at the source, and of `listClosure` where that was watched */
  readonly seen: { readonly root: string; readonly all?: string };
  /** evidence manifests that the destination was left with, as `shortDigest` */
  readonly expected: readonly string[];
}

/** Looks at evidence as `watch` asks, and answers what is pending in words: an empty list when nothing is, `undefined` when nothing was looked at. */
export async function watchEvidence(
  places: { readonly sources: readonly Source[]; readonly destination: Source },
  watched: Remembered & { readonly watch: Watch },
  reach: Reach,
): Promise<string[] | undefined> {
  if (watched.watch === "none") return undefined;
  if (watched.watch === "root") {
    const listed = await listAll(
      places.sources,
      [subjectOf(watched.root.digest)],
      reach,
    );
    return listingDigest(listed) === watched.seen.root ? [] : [otherEvidence];
  }
  const { manifests } = await walk(places.destination, watched.root, {
    platforms: watched.platforms,
    reach,
  });
  const nodes = manifests.map(({ descriptor }) => descriptor.digest);
  const [atSource, atDestination] = await Promise.all([
    listClosure(places.sources, nodes, reach),
    listClosure([places.destination], nodes, reach),
  ]);
  const there = new Set(
    atDestination.map(({ descriptor }) => shortDigest(descriptor.digest)),
  );
  const lost = watched.expected.filter((digest) => !there.has(digest));
  return [
    ...(listingDigest(atSource) === watched.seen.all ? [] : [otherEvidence]),
    ...(lost.length === 0
      ? []
      : [`the destination lost ${lost.length} evidence manifests`]),
  ];
}

/** The first 64 bits: enough to notice a loss, small in state. */
export function shortDigest(digest: Digest): string {
  return digest.slice(0, digest.indexOf(":") + 17);
}

/** What is listed about the nodes, about what is listed, and so on; nothing is read. */
export async function listClosure(
  places: readonly Source[],
  nodes: readonly Digest[],
  reach: Reach,
): Promise<Listed[]> {
  const all: Listed[] = [];
  const met = new Set(nodes);
  let subjects = nodes.map((digest) => subjectOf(digest));
  for (
    let depth = 0;
    depth <= maxEvidenceDepth && subjects.length > 0;
    depth++
  ) {
    const listed = await listAll(places, subjects, reach);
    all.push(...listed);
    const fresh = listed.filter(
      ({ descriptor }) => !met.has(descriptor.digest),
    );
    for (const { descriptor } of fresh) met.add(descriptor.digest);
    subjects = fresh.map(({ via, descriptor }) =>
      subjectOf(descriptor.digest, via),
    );
  }
  return all;
}

async function listAll(
  places: readonly Source[],
  subjects: readonly Subject[],
  reach: Reach,
): Promise<Listed[]> {
  const asked = subjects.flatMap((subject) =>
    places.map((place) => ({ place, subject })),
  );
  const listings = await mapBounded(asked, asksAtOnce, ({ place, subject }) =>
    listEvidence(place, subject, { reach, toRead: false }),
  );
  const denied = listings.find((one) => one.denied)?.denied;
  if (denied) throw denied; // what could not be asked is not gone
  return listings.flatMap(({ listed }) => listed);
}

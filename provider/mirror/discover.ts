import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { artifactTypeOf, type Manifest } from "../oci/manifest";
import { mapBounded } from "./bounded";
import { isAbsent, MirrorError } from "./errors";
import { readNode, walk, type Artifact } from "./graph";
import { listEvidence, type Listed } from "./listing";
import type {
  Authority,
  Evidence,
  EvidenceManifest,
  Node,
  Reach,
  Source,
} from "./ports";
import { named } from "./resolve";

/** verification.md §7.4 */
const maxLayerBytes = 16 * 1024 * 1024;
const maxLayers = 1000;
/** registry.md W109 */
const maxDepth = 3;
const maxManifests = 10_000;
const maxTotalBytes = 256 * 1024 * 1024;
const asksAtOnce = 8;

/** Something a place listed as evidence that proved to be none; shown, never copied. */
export interface Ignored {
  readonly digest: Digest;
  readonly reason: string;
}

/** All evidence about an artifact, as far as its places name it: complete, or `discover` throws. */
export interface Discovered {
  /** each after the manifest it is about */
  readonly manifests: readonly EvidenceManifest[];
  /** layers of evidence about the root that some authority can read */
  readonly evidence: readonly Evidence[];
  readonly ignored: readonly Ignored[];
  /** everything that was listed about the root itself, evidence or not */
  readonly listed: readonly Listed[];
}

/** Where evidence is looked for, and who will judge it. */
export interface Search {
  readonly places: readonly Source[];
  readonly authorities: readonly Authority[];
  readonly reach: Reach;
}

/** Finds all evidence of the artifact's root, its children, and the evidence itself. It has no opinion. */
export async function discover(
  artifact: Artifact,
  search: Search,
): Promise<Discovered> {
  const own = artifact.manifests.map(({ descriptor }) =>
    keyOf({ digest: descriptor.digest }),
  );
  const seen: Collected = {
    manifests: [],
    ignored: [],
    met: new Set(own),
    bytes: 0,
  };
  const listed: Listed[] = [];
  let subjects: readonly Node[] = [
    artifact.root,
    ...artifact.manifests.slice(0, -1),
  ];
  for (let depth = 0; subjects.length > 0; depth++) {
    const found = await mapBounded(subjects, asksAtOnce, (subject) =>
      about(subject, search),
    );
    if (depth === 0) listed.push(...(found[0]?.listed ?? []));
    if (depth > maxDepth && found.some(({ listed }) => listed.length > 0))
      throw tooMuch(search, artifact);
    subjects = found.flatMap((one) => collect(one, seen));
    if (seen.manifests.length > maxManifests || seen.bytes > maxTotalBytes)
      throw tooMuch(search, artifact);
  }
  const direct = seen.manifests.filter(
    ({ subject }) => subject.digest === artifact.root.descriptor.digest,
  );
  const read = await mapBounded(direct, asksAtOnce, (manifest) =>
    layersOf(manifest, search),
  );
  return {
    manifests: seen.manifests,
    evidence: read.flatMap(({ evidence }) => evidence),
    ignored: [...seen.ignored, ...read.flatMap(({ ignored }) => ignored)],
    listed,
  };
}

interface Collected {
  readonly manifests: EvidenceManifest[];
  readonly ignored: Ignored[];
  readonly met: Set<string>;
  bytes: number;
}

interface About {
  readonly listed: readonly Listed[];
  readonly manifests: readonly EvidenceManifest[];
  readonly ignored: readonly Ignored[];
}

/** One manifest under one tag; BuildKit's attestation manifests are children and referrers at once, and stay children. */
const keyOf = (listed: { readonly digest: Digest; readonly tag?: string }) =>
  `${listed.tag ?? ""} ${listed.digest}`;

/** Adds what is new, and answers the nodes whose own evidence comes next. */
function collect(one: About, seen: Collected): Node[] {
  seen.ignored.push(...one.ignored);
  const fresh = one.manifests.filter((manifest) => {
    const key = keyOf({
      digest: manifest.node.descriptor.digest,
      tag: manifest.tag,
    });
    if (seen.met.has(key)) return false;
    seen.met.add(key);
    return true;
  });
  seen.manifests.push(...fresh);
  seen.bytes += fresh.reduce((sum, { node }) => sum + node.bytes.length, 0);
  return fresh.map(({ node }) => node);
}

async function about(subject: Node, search: Search): Promise<About> {
  const { digest } = subject.descriptor;
  const listed = (
    await Promise.all(
      search.places.map((place) => listEvidence(place, digest, search.reach)),
    )
  ).flat();
  const read = await mapBounded(listed, asksAtOnce, (one) =>
    prove(one, subject.descriptor, search.reach),
  );
  return {
    listed,
    manifests: read.flatMap((one) => ("node" in one ? [one] : [])),
    ignored: read.flatMap((one) => ("reason" in one ? [one] : [])),
  };
}

/** A list is only a hint (W105): the manifest itself must say what it is about. Cosign's tags say it by their name. */
async function prove(
  one: Listed,
  subject: Descriptor,
  reach: Reach,
): Promise<EvidenceManifest | Ignored> {
  const { digest } = one.descriptor;
  let node: Node;
  try {
    node = await readNode(one.from, one.descriptor, reach);
  } catch (error) {
    const reason = harmless(error);
    if (reason === undefined) throw error;
    return { digest, reason };
  }
  const said = node.manifest.subject?.digest;
  if (one.via === "referrer" && said !== subject.digest) {
    return {
      digest,
      reason: `listed as a referrer, but its subject is ${said ?? "absent"}`,
    };
  }
  const below =
    node.manifest.kind === "index"
      ? await walk(one.from, one.descriptor, { platforms: [], reach })
      : undefined;
  return {
    subject,
    node,
    below: below?.manifests.slice(0, -1) ?? [],
    via: one.via,
    tag: one.tag,
    from: one.from,
  };
}

/** What a stranger with push rights can cause must not deny service, and must not help: it is set aside. The rest is thrown. */
function harmless(error: unknown): string | undefined {
  if (isAbsent(error)) return "listed, but not there";
  if (!(error instanceof MirrorError)) return undefined;
  const known =
    error.fault === "unsupported" || error.code === "AMBIGUOUS_MANIFEST";
  return known ? error.message : undefined;
}

async function layersOf(
  manifest: EvidenceManifest,
  search: Search,
): Promise<{ evidence: Evidence[]; ignored: Ignored[] }> {
  const layers = layersIn(manifest.node.manifest);
  if (layers.length > maxLayers) {
    const reason = `${layers.length} layers of evidence; the bound is ${maxLayers} (LIMIT)`;
    return {
      evidence: [],
      ignored: [{ digest: manifest.node.descriptor.digest, reason }],
    };
  }
  const readable = readableLayers(manifest, search.authorities);
  const tooLarge = readable.filter((layer) => layer.size > maxLayerBytes);
  const fitting = readable.filter((layer) => layer.size <= maxLayerBytes);
  const evidence = await mapBounded(
    fitting,
    asksAtOnce,
    async (layer): Promise<Evidence> => ({
      subject: manifest.subject,
      manifest: manifest.node.descriptor,
      via: manifest.via,
      artifactType: artifactTypeOf(manifest.node.manifest),
      layer,
      bytes: await manifest.from.read(layer, maxLayerBytes, search.reach),
    }),
  );
  const ignored = tooLarge.map((layer) => ({
    digest: layer.digest,
    reason: `${layer.size} bytes of evidence; the bound is ${maxLayerBytes} (LIMIT)`,
  }));
  return { evidence, ignored };
}

function readableLayers(
  manifest: EvidenceManifest,
  authorities: readonly Authority[],
): readonly Descriptor[] {
  const { via } = manifest;
  const artifactType = artifactTypeOf(manifest.node.manifest);
  return layersIn(manifest.node.manifest).filter(({ mediaType }) =>
    authorities.some((authority) =>
      authority.reads({ via, artifactType, mediaType }),
    ),
  );
}

const layersIn = (manifest: Manifest) =>
  manifest.kind === "manifest" ? manifest.layers : [];

function tooMuch(search: Search, artifact: Artifact): MirrorError {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not find all evidence",
    where: {
      side: search.places[0]?.side,
      reference: named(
        search.places[0]?.repository ?? "",
        artifact.root.descriptor.digest,
      ),
    },
    why: `there are more than ${maxManifests} evidence manifests, more than ${maxTotalBytes} bytes of them, or they refer to each other more than ${maxDepth} deep`,
    remedy: "have the publisher remove what is not evidence",
  });
}

import type { Digest } from "../oci/digest";
import { artifactTypeOf, type Manifest } from "../oci/manifest";
import type { Allowance } from "./allowance";
import { mapBounded } from "./bounded";
import type { Authority, Evidence, EvidenceManifest, Reach } from "./ports";

/** verification.md §7.4 */
const maxLayerBytes = 16 * 1024 * 1024;
const maxLayers = 1000;
const readsAtOnce = 8;

/** Something a place listed as evidence that proved to be none; shown, never copied. */
export interface Ignored {
  readonly digest: Digest;
  /** `UNLISTED`: the digest is a subject's, and its place denies the list of what refers to it */
  readonly code:
    "SUBJECT_MISMATCH" | "ABSENT" | "UNREADABLE" | "LIMIT" | "UNLISTED";
  readonly reason: string;
}

/** Which layers are wanted, and what they may cost. */
export interface LayerSearch {
  readonly reads: Authority["reads"];
  readonly allowance: Allowance;
  readonly reach: Reach;
}

/** What was read, and what was not. */
export interface ReadLayers {
  readonly evidence: readonly Evidence[];
  readonly ignored: readonly Ignored[];
}

/** Reads the layers that are wanted; what is too large to be evidence is set aside. */
export async function readLayers(
  manifest: EvidenceManifest,
  search: LayerSearch,
): Promise<ReadLayers> {
  const layers = layersIn(manifest.node.manifest);
  if (layers.length > maxLayers) {
    const reason = `${layers.length} layers of evidence; the bound is ${maxLayers}`;
    return {
      evidence: [],
      ignored: [
        { digest: manifest.node.descriptor.digest, code: "LIMIT", reason },
      ],
    };
  }
  const artifactType = artifactTypeOf(manifest.node.manifest);
  const { via } = manifest;
  const kind = { via, artifactType, layers: layers.length };
  const readable = layers.filter(({ mediaType }) =>
    search.reads({ ...kind, mediaType }),
  );
  const tooLarge = readable.filter((layer) => layer.size > maxLayerBytes);
  const fitting = readable.filter((layer) => layer.size <= maxLayerBytes);
  for (const { size } of fitting) search.allowance.take(size, manifest.from);
  const evidence = await mapBounded(
    fitting,
    readsAtOnce,
    async (layer): Promise<Evidence> => ({
      subject: manifest.subject,
      manifest: manifest.node.descriptor,
      ...kind,
      layer,
      bytes: await manifest.from.read(layer, maxLayerBytes, search.reach),
    }),
  );
  const ignored = tooLarge.map((layer): Ignored => ({
    digest: layer.digest,
    code: "LIMIT",
    reason: `${layer.size} bytes of evidence; the bound is ${maxLayerBytes}`,
  }));
  return { evidence, ignored };
}

const layersIn = (manifest: Manifest) =>
  manifest.kind === "manifest" ? manifest.layers : [];

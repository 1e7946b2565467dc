import { digestOf } from "../oci/digest";
import type { Descriptor } from "../oci/descriptor";
import { parseManifest } from "../oci/manifest";
import type { Node } from "./ports";

/**
 * What a cosign tag must name so that neither side's signatures are lost: the incoming manifest with the layers added that only the present one has.
 * Answers `present` itself when it already holds every incoming layer, and `incoming` when there is nothing to add.
 */
export function joinLayers(incoming: Node, present: Node): Node {
  const come = incoming.manifest;
  const here = present.manifest;
  if (come.kind !== "manifest" || here.kind !== "manifest") return incoming;
  const coming = new Set(come.layers.map(keyOf));
  const known = new Set(here.layers.map(keyOf));
  const own = here.layers.map((layer) => !coming.has(keyOf(layer)));
  if (!own.includes(true)) return incoming;
  if ([...coming].every((key) => known.has(key))) return present;
  return withLayers(
    incoming,
    layersOf(present).filter((_, index) => own[index]),
  );
}

/** The manifest's bytes again, with more layers, each as it was written. */
function withLayers(node: Node, more: readonly unknown[]): Node {
  const document: unknown = JSON.parse(Buffer.from(node.bytes).toString());
  const bytes = Buffer.from(
    JSON.stringify({
      ...Object(document),
      layers: [...layersOf(node), ...more],
    }),
  );
  const { mediaType } = node.descriptor;
  const descriptor: Descriptor = {
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  };
  return { descriptor, bytes, manifest: parseManifest(bytes, mediaType) };
}

function layersOf(node: Node): readonly unknown[] {
  const { layers } = JSON.parse(Buffer.from(node.bytes).toString());
  return layers;
}

/** Two signatures over one payload share its digest and differ in their annotations. */
const keyOf = ({ mediaType, digest, annotations = {} }: Descriptor) =>
  JSON.stringify([
    mediaType,
    digest,
    Object.entries(annotations)
      .map((entry) => JSON.stringify(entry))
      .sort(),
  ]);

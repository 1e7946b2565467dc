import { readNode } from "../../mirror/graph";
import type { Reach, Stores } from "../../mirror/ports";
import { resolve } from "../../mirror/resolve";
import type { ArtifactPlace } from "./place";
import { materialText, maxMaterialBytes } from "./text";

/** What trust material that is not at hand is read with. */
export interface MaterialReading {
  readonly reach: Reach;
  readonly stores: Stores;
}

// the places of one configuration read each digest once: a policy is made ready for every artifact anew
const kept = new WeakMap<Stores, Map<string, string>>();
const maxKept = 64;

/** The one layer of an artifact that is pinned by digest, as text. Throws a `MirrorError` for what cannot be read, an `Error` for what is no material. */
export async function readMaterialArtifact(
  place: ArtifactPlace,
  reading: MaterialReading,
): Promise<string> {
  const texts = kept.get(reading.stores) ?? new Map<string, string>();
  kept.set(reading.stores, texts);
  const known = texts.get(place.digest);
  if (known !== undefined) return known;
  const text = await layerText(place, reading);
  if (texts.size >= maxKept) texts.clear();
  texts.set(place.digest, text);
  return text;
}

async function layerText(
  { reference, digest }: ArtifactPlace,
  { reach, stores }: MaterialReading,
): Promise<string> {
  const source = stores.open(reference, "source");
  const root = await resolve(source, digest, reach);
  const { manifest } = await readNode(source, root, reach);
  const layers = manifest.kind === "manifest" ? manifest.layers : [];
  const [layer] = layers;
  if (layer === undefined || layers.length !== 1) {
    throw new Error(
      `names an artifact with ${layers.length} layers: trust material is an artifact of exactly one (\`oras push REPOSITORY FILE\`)`,
    );
  }
  return materialText(await source.read(layer, maxMaterialBytes, reach));
}

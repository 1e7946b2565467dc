import { MirrorError } from "../../../../mirror/errors";
import type { Node, Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { isManifestType } from "../../../../oci/mediaType";
import { blobsOf } from "../../../../oci/manifest";
import { pause } from "../../pace/retry";
import { about, refuse, type Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import { hasManifest } from "../../reading/manifests";
import { isIncomplete, missingFrom, type Refusal } from "../../wire/refusal";
import type { Asked } from "../../wire/wireError";
import { bringAgain } from "../blobs/copy";
import { putOnce } from "./putOnce";

/** A manifest that was refused because the registry does not have all that it names. */
interface Incomplete {
  readonly node: Node;
  readonly asked: Asked;
  readonly refusal: Refusal;
  readonly put: () => Promise<Response | Refusal>;
}

const waitsMs = [1000, 2000, 4000, 8000, 15_000]; // five times over 30 s (F33)
const lostRound = 2; // what is not found after 7 s was lost

/** Writes it again until the registry finds what we brought, and brings what it lost once more; what never was here is not waited for. */
export async function insist(
  place: Place,
  incomplete: Incomplete,
  reach: Reach,
): Promise<Response> {
  const { node, asked, put } = incomplete;
  let { refusal } = incomplete;
  for (const [round, waitMs] of waitsMs.entries()) {
    const ours = broughtByUs(place, node, refusal);
    if (ours === undefined) break;
    await pause(waitMs, reach.signal, place.clock);
    for (const one of ours) {
      const isHere = await isFound(place, one, reach);
      if (!isHere && round === lostRound) await again(place, one, reach);
    }
    const outcome = await put();
    if (!("words" in outcome)) return outcome;
    if (!isIncomplete(outcome)) throw refuse(place, outcome, asked);
    refusal = outcome;
  }
  throw incompleteError(place, { node, asked, refusal });
}

/** Registries that answer from a cache are reminded by the question, too. */
function isFound(
  place: Place,
  one: Descriptor,
  reach: Reach,
): Promise<boolean> {
  const has = isManifestType(one.mediaType) ? hasManifest : hasBlob;
  return has(place, one, reach);
}

async function again(
  place: Place,
  one: Descriptor,
  reach: Reach,
): Promise<void> {
  if (!isManifestType(one.mediaType)) return bringAgain(place, one, reach);
  const node = place.brought.manifest(place.repository, one.digest);
  if (node === undefined) return;
  const asked = about(place, "could not write the manifest", one.digest);
  await putOnce(place, { node, tagOrDigest: one.digest, asked }, reach);
}

/** What is missing, if all of it is known to have been here; `undefined` where some never was. */
function broughtByUs(
  place: Place,
  node: Node,
  refusal: Refusal,
): readonly Descriptor[] | undefined {
  const named = missingFrom(refusal);
  const all = namedBy(node);
  const missing = all.filter(({ digest }) => named?.includes(digest) ?? true);
  const isOurs = missing.every(({ digest }) =>
    place.holdings.has(place.repository, digest),
  );
  return isOurs && missing.length > 0 ? missing : undefined;
}

function namedBy({ manifest }: Node): readonly Descriptor[] {
  return manifest.kind === "index" ? manifest.manifests : blobsOf(manifest);
}

/** Now it is known to refuse sparse indexes, or to have lost what we brought. */
function incompleteError(
  place: Place,
  { node, asked, refusal }: Pick<Incomplete, "node" | "asked" | "refusal">,
): MirrorError {
  const isLost = broughtByUs(place, node, refusal) !== undefined;
  place.holdings.forget(place.repository);
  const isIndex = node.manifest.kind === "index";
  if (isIndex && !isLost) {
    place.profile.sparseIndex = "refused";
    return new MirrorError({
      ...asked,
      fault: "unsupported",
      code: "UNSUPPORTED",
      why: `the registry takes no index some of whose children it does not have: ${refusal.words}`,
      remedy:
        "mirror all platforms, or choose a registry that takes sparse indexes",
    });
  }
  return new MirrorError({
    ...asked,
    fault: "conflict",
    code: isIndex ? "NOT_FOUND_MANIFEST" : "NOT_FOUND_BLOB",
    why: `the registry misses what it names, also after half a minute: ${refusal.words}`,
    remedy: "run it again; somebody may be deleting there at the same time",
  });
}

import { MirrorError } from "../../../../mirror/errors";
import type { Node, Reach } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { about, type Place } from "../../place";
import { askUntil, visibleWithinMs } from "../../reading/late";
import { hasManifest, resolveManifest } from "../../reading/manifests";
import type { Asked } from "../../wire/wireError";
import { putInsisting } from "./put";

/** Points a tag at a manifest that is here, and reads it back (W59). Only one that we did not see here is asked for first. */
export async function putTag(
  place: Place,
  move: { readonly tag: string; readonly node: Node },
  reach: Reach,
): Promise<void> {
  const { tag, node } = move;
  const asked = about(place, "could not write the tag", tag);
  const isHere =
    place.holdings.has(place.repository, node.descriptor.digest) ||
    (await hasManifest(place, node.descriptor, reach));
  if (!isHere) throw missing(asked, node.descriptor);
  try {
    await putInsisting(place, { node, tagOrDigest: tag, asked }, reach);
  } catch (error) {
    if (await isThereAnyway(place, { ...move, error }, reach)) return;
    throw error;
  }
  await readBack(place, move, reach);
}

/** A tag that may not move and stands where it should is no conflict (F52). */
async function isThereAnyway(
  place: Place,
  refused: {
    readonly tag: string;
    readonly node: Node;
    readonly error: unknown;
  },
  reach: Reach,
): Promise<boolean> {
  const { tag, node, error } = refused;
  if (!(error instanceof MirrorError) || error.code !== "TAG_IMMUTABLE")
    return false;
  const seen = await resolveManifest(place, tag, reach);
  return seen?.digest === node.descriptor.digest;
}

async function readBack(
  place: Place,
  { tag, node }: { readonly tag: string; readonly node: Node },
  reach: Reach,
): Promise<void> {
  const wanted = node.descriptor.digest;
  const until = place.clock.monotonic() + visibleWithinMs;
  const seen = await askUntil(
    place,
    {
      ask: () => resolveManifest(place, tag, reach),
      isEnough: (found) =>
        found?.digest === wanted || place.clock.monotonic() >= until,
    },
    reach,
  );
  if (seen?.digest === wanted) return;
  throw new MirrorError({
    ...about(place, "could not write the tag", tag),
    fault: "conflict",
    code: "TAG_MOVED",
    why:
      seen === undefined
        ? "the registry took it, and does not show it"
        : `it was written as ${wanted}, and now names ${seen.digest}`,
    remedy: "somebody else may be writing this tag; run it again",
  });
}

function missing(asked: Asked, { digest }: Descriptor): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "absent",
    code: "NOT_FOUND_MANIFEST",
    why: `the manifest ${digest} is not here`,
    remedy: "write the manifest before its tag",
  });
}

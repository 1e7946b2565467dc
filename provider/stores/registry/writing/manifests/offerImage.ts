import type { Node, Reach } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import type { Digest } from "../../../../oci/digest";
import { blobsOf } from "../../../../oci/manifest";
import type { Profile } from "../../memory/profile";
import type { Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import { offerManifest } from "./offer";

/**
 * Offers an image before its blobs and answers what is missing, nothing when it is written, `undefined` where the host is not known
 * to refuse what is incomplete, or to name all that it misses.
 */
export async function offerImage(
  place: Place,
  node: Node,
  reach: Reach,
): Promise<readonly Digest[] | undefined> {
  const { manifest } = node;
  if (manifest.kind === "index") return undefined;
  const { rejectsDangling } = place.profile;
  if (rejectsDangling === "unknown")
    return firstOffer(place, { node, config: manifest.config }, reach);
  return rejectsDangling === "yes" ? offer(place, node, reach) : undefined;
}

/** An image whose config is known to be missing puts its host to the proof: taken all the same, it stands without a tag until its blobs are there (G2). */
async function firstOffer(
  place: Place,
  { node, config }: { readonly node: Node; readonly config: Descriptor },
  reach: Reach,
): Promise<readonly Digest[] | undefined> {
  const { profile } = place;
  profile.rejectsDangling = "asking";
  let answer: Awaited<ReturnType<typeof offer>>;
  try {
    if (await hasBlob(place, config, reach)) return undefined;
    answer = await offer(place, node, reach);
    if (answer?.length === 0) profile.rejectsDangling = "no";
  } finally {
    // the answer has taught the profile by itself where it named what is missing
    if (profile.rejectsDangling === "asking")
      profile.rejectsDangling = "unknown";
  }
  return answer?.length === 0 ? undefined : answer;
}

async function offer(
  place: Place,
  node: Node,
  reach: Reach,
): Promise<readonly Digest[] | undefined> {
  const { profile, holdings } = place;
  const answer = await offerManifest(place, node, reach);
  const isTaken = answer === "written";
  if (isTaken && profile.rejectsDangling !== "yes") return []; // which says nothing of the blobs
  const missing = isTaken ? [] : answer;
  if (missing === undefined || !isWhole(profile, node, missing))
    return undefined;
  for (const { digest } of blobsOf(node.manifest))
    if (!missing.includes(digest)) holdings.add(place.repository, digest);
  return missing;
}

/** Whether all that was not named is here. A host that has named two blobs at once looks at layers too, and does not stop at the first. */
function isWhole(
  profile: Profile,
  { manifest }: Node,
  missing: readonly Digest[],
): boolean {
  const blobs = new Set(blobsOf(manifest).map(({ digest }) => digest));
  if (!missing.every((digest) => blobs.has(digest))) return false;
  profile.namesAllMissing ||= new Set(missing).size > 1;
  return profile.namesAllMissing;
}

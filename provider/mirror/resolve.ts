import type { Descriptor } from "../oci/descriptor";
import { isDigest } from "../oci/digest";
import { MirrorError } from "./errors";
import type { Reach, Source } from "./ports";
import { whereIn } from "./where";

/**
 * What a tag or digest names now. After this, nothing takes a tag to read by. What a digest names is read at once: it will be needed.
 * Throws `absent` when the place says, with proof, that there is no such thing.
 */
export async function resolve(
  place: Source,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor> {
  const found = isDigest(tagOrDigest)
    ? (await place.fetch(tagOrDigest, reach))?.descriptor
    : await place.resolve(tagOrDigest, reach);
  return required(found, place, tagOrDigest);
}

/** The same by the one request that brings the manifest, too: for what will be read anyway. */
export async function resolveToRead(
  place: Source,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor> {
  const served = await place.fetch(tagOrDigest, reach);
  return required(served?.descriptor, place, tagOrDigest);
}

function required(
  found: Descriptor | undefined,
  place: Source,
  tagOrDigest: string,
): Descriptor {
  if (found) return found;
  throw new MirrorError({
    fault: "absent",
    code: "NOT_FOUND_MANIFEST",
    what: "could not resolve",
    where: whereIn(place, tagOrDigest),
    why: "there is no such tag or digest, or it may not be seen with these credentials",
    remedy: "check the spelling, and who may read it",
  });
}

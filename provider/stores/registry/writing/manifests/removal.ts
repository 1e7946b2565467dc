import { MirrorError } from "../../../../mirror/errors";
import type { Reach, Request } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import type { Digest } from "../../../../oci/digest";
import { parseManifest } from "../../../../oci/manifest";
import { about, ask, refuse, refusalOf, type Place } from "../../place";
import { reading } from "../../reading/content";
import { fetchManifest, resolveManifest } from "../../reading/manifests";
import { absence, type Refusal } from "../../wire/refusal";
import type { Asked } from "../../wire/wireError";
import { removeFromFallbackTag, turnAt } from "./fallbackTag";

const anyTools = "remove it with the registry's own tools";

/** Removes a tag alone (end-9). What is gone already is success. */
export async function deleteTag(
  place: Place,
  tag: string,
  reach: Reach,
): Promise<void> {
  const asked = about(place, "could not remove the tag", tag);
  const refusal = await remove(place, { tagOrDigest: tag, asked }, reach);
  if (refusal === undefined) return;
  const isNotOffered = refusal.status === 400 || refusal.status === 405;
  if (isNotOffered) throw notOffered(place, refusal, { asked, by: "by tag" }); // W126
  throw refuse(place, refusal, asked);
}

/** Removes a manifest, and with it every tag on it (end-9), and its entry in a fallback tag. What is gone already is success. */
export async function deleteManifest(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<void> {
  const asked = about(place, "could not remove the manifest", node.digest);
  const subject = await subjectOf(place, node, reach);
  const refusal = await remove(
    place,
    { tagOrDigest: node.digest, asked },
    reach,
  );
  if (refusal?.status === 405)
    throw notOffered(place, refusal, { asked, by: "manifests" });
  if (refusal !== undefined) throw refuse(place, refusal, asked);
  place.holdings.remove(place.repository, node.digest);
  place.brought.removeManifest(place.repository, node.digest);
  if (subject === undefined) return;
  await place.turns.take(turnAt(place, subject, reach), () =>
    removeFromFallbackTag(place, { subject, digest: node.digest }, reach),
  );
}

function notOffered(
  place: Place,
  refusal: Refusal,
  wish: { readonly asked: Asked; readonly by: string },
): MirrorError {
  const { product = "the registry", removal = anyTools } = place.profile.traits;
  return new MirrorError({
    ...wish.asked,
    fault: "unsupported",
    code: "UNSUPPORTED",
    why: `${product} does not delete ${wish.by}: ${refusal.words}`,
    remedy: removal,
  });
}

/** What a manifest refers to, where the registry does not list that by itself. */
async function subjectOf(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<Digest | undefined> {
  if (place.profile.referrers === "offered") return undefined;
  const served = await fetchManifest(place, node.digest, reach);
  if (served === undefined) return undefined;
  const asked = about(place, "could not remove the manifest", node.digest);
  return reading(asked, () =>
    parseManifest(served.bytes, served.descriptor.mediaType),
  ).subject?.digest;
}

async function remove(
  place: Place,
  wish: { readonly tagOrDigest: string; readonly asked: Asked },
  reach: Reach,
): Promise<Refusal | undefined> {
  const { tagOrDigest, asked } = wish;
  const request: Request = {
    method: "DELETE",
    url: place.endpoints.manifest(tagOrDigest),
    headers: {},
  };
  const response = await ask(
    place,
    { ...asked, request, actions: ["pull", "delete"] },
    reach,
  );
  if ([200, 202, 204].includes(response.status)) {
    await response.discard();
    return undefined;
  }
  const refusal = await refusalOf(place, response);
  if (refusal.status !== 404 || absence(refusal) !== undefined)
    return refusal.status === 404 ? undefined : refusal;
  // a 404 of something before the registry removes nothing
  const left = await resolveManifest(place, tagOrDigest, reach);
  return left === undefined ? undefined : refusal;
}

import { MirrorError } from "../../../mirror/errors";
import type { Node, Reach, Request, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, isDigest, type Digest } from "../../../oci/digest";
import { parseManifest } from "../../../oci/manifest";
import { digestMismatch, reading } from "../reading/content";
import { addToFallbackTag, removeFromFallbackTag } from "./fallbackTag";
import {
  fetchManifest,
  hasManifest,
  refuseLarge,
  resolveManifest,
} from "../reading/manifests";
import { header } from "../wire/message";
import { about, ask, refuse, type Place, refusalOf } from "../place";
import { referrersByApi } from "../reading/referrers";
import { pause } from "../pace/retry";
import { absence, type Refusal } from "../refusal";
import type { Asked } from "../wire/wireError";

/** Writes a manifest by its digest, byte for byte (W56, W57), and lists it where the registry does not do so by itself (W106). */
export async function putManifest(
  place: Place,
  node: Node,
  reach: Reach,
): Promise<void> {
  const { digest } = node.descriptor;
  const asked = about(place, "could not write the manifest", digest);
  refuseLarge(node.bytes.byteLength, asked);
  const response = await put(
    place,
    { node, tagOrDigest: digest, asked },
    reach,
  );
  place.holdings.add(place.repository, digest);
  const { subject } = node.manifest;
  if (
    subject === undefined ||
    (await isListed(place, { subject, response }, reach))
  )
    return;
  const key = `${place.repository}@${subject.digest}`;
  await place.turns.take(key, () =>
    addToFallbackTag(place, { subject: subject.digest, node }, reach),
  );
}

/** `OCI-Subject` says that the registry lists it; the first time on a host, the listing is asked too, because the header has lied. */
async function isListed(
  place: Place,
  put: { readonly subject: Descriptor; readonly response: Response },
  reach: Reach,
): Promise<boolean> {
  if (header(put.response, "oci-subject") === undefined) return false;
  if (place.profile.referrers === "unknown")
    await referrersByApi(place, put.subject.digest, reach);
  return place.profile.referrers === "offered";
}

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
  await put(place, { node, tagOrDigest: tag, asked }, reach);
  const wanted = node.descriptor.digest;
  let seen = await resolveManifest(place, tag, reach);
  for (
    let waited = 0, next = 500;
    seen?.digest !== wanted && waited < visibleWithinMs;
    next *= 2
  ) {
    await pause(next, reach.signal, place.clock);
    waited += next;
    seen = await resolveManifest(place, tag, reach);
  }
  if (seen?.digest === wanted) return;
  throw new MirrorError({
    ...asked,
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

const visibleWithinMs = 30_000;

async function put(
  place: Place,
  write: {
    readonly node: Node;
    readonly tagOrDigest: string;
    readonly asked: Asked;
  },
  reach: Reach,
): Promise<Response> {
  const { node, tagOrDigest, asked } = write;
  const { mediaType, digest } = node.descriptor;
  const headers = {
    "content-type": mediaType,
    "content-length": String(node.bytes.byteLength),
  };
  const request: Request = {
    method: "PUT",
    url: place.endpoints.manifest(tagOrDigest),
    headers,
    body: node.bytes,
  };
  const response = await ask(place, { ...asked, request }, reach);
  if (response.status !== 201)
    throw putRefused(place, {
      node,
      asked,
      refusal: await refusalOf(place, response),
    });
  const said = header(response, "docker-content-digest");
  await response.discard();
  if (
    said === undefined ||
    !isDigest(said) ||
    algorithmOf(said) !== algorithmOf(digest) ||
    said === digest
  )
    return response;
  throw digestMismatch(asked, digest, said);
}

/** A registry that misses what a manifest names: known now to refuse sparse indexes, or to have lost our blobs. */
function putRefused(
  place: Place,
  put: {
    readonly node: Node;
    readonly asked: Asked;
    readonly refusal: Refusal;
  },
): MirrorError {
  const { node, asked, refusal } = put;
  const isMissing = refusal.complaints.some(
    ({ code }) => code === "MANIFEST_BLOB_UNKNOWN" || code === "BLOB_UNKNOWN",
  );
  if (!isMissing) return refuse(place, refusal, asked);
  place.holdings.forget(place.repository);
  if (node.manifest.kind === "manifest") {
    return new MirrorError({
      ...asked,
      fault: "conflict",
      code: "NOT_FOUND_BLOB",
      why: `the registry misses what it names: ${refusal.words}`,
      remedy: "run it again; somebody may be deleting there at the same time",
    });
  }
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

/** Removes a tag alone (end-9). What is gone already is success. */
export async function deleteTag(
  place: Place,
  tag: string,
  reach: Reach,
): Promise<void> {
  const asked = about(place, "could not remove the tag", tag);
  const refusal = await remove(place, { tagOrDigest: tag, asked }, reach);
  if (refusal === undefined) return;
  if (refusal.status !== 400 && refusal.status !== 405)
    throw refuse(place, refusal, asked);
  throw new MirrorError({
    ...asked,
    fault: "unsupported",
    code: "UNSUPPORTED",
    why: `the registry does not delete by tag: ${refusal.words}`,
    remedy: "remove it with the registry's own tools",
  });
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
  if (refusal !== undefined) throw refuse(place, refusal, asked);
  place.holdings.remove(place.repository, node.digest);
  if (subject === undefined) return;
  await place.turns.take(`${place.repository}@${subject}`, () =>
    removeFromFallbackTag(place, { subject, digest: node.digest }, reach),
  );
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

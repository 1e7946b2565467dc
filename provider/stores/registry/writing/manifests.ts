import type { Node, Reach, Request, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, isDigest } from "../../../oci/digest";
import { about, ask, refuse, refusalOf, type Place } from "../place";
import { digestMismatch } from "../reading/content";
import { refuseLarge } from "../reading/manifests";
import { referrersByApi } from "../reading/referrers";
import { isIncomplete, type Refusal } from "../refusal";
import { header } from "../wire/message";
import type { Asked } from "../wire/wireError";
import { addToFallbackTag } from "./fallbackTag";
import { insist } from "./incomplete";

/** Writes a manifest by its digest, byte for byte (W56, W57), and lists it where the registry does not do so by itself (W106). */
export async function putManifest(
  place: Place,
  node: Node,
  reach: Reach,
): Promise<void> {
  const { digest } = node.descriptor;
  const asked = about(place, "could not write the manifest", digest);
  refuseLarge(node.bytes.byteLength, asked); // F39
  const written = { node, tagOrDigest: digest, asked };
  const response = await putInsisting(place, written, reach);
  await noteWritten(place, { node, response }, reach);
}

/** Remembers a manifest that was taken, and sees to it that it is found by its subject. */
export async function noteWritten(
  place: Place,
  written: { readonly node: Node; readonly response: Response },
  reach: Reach,
): Promise<void> {
  const { node, response } = written;
  place.holdings.add(place.repository, node.descriptor.digest);
  const { subject } = node.manifest;
  if (subject === undefined) return;
  if (await isListed(place, { subject, response }, reach)) return;
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

/** A manifest on its way to a digest or a tag. */
export interface Written {
  readonly node: Node;
  readonly tagOrDigest: string;
  readonly asked: Asked;
}

/** One PUT; where the registry misses what we brought, it is given time to find it. */
export async function putInsisting(
  place: Place,
  written: Written,
  reach: Reach,
): Promise<Response> {
  const { node, asked } = written;
  const put = () => putOnce(place, written, reach);
  const outcome = await put();
  if (!("words" in outcome)) return outcome;
  if (isIncomplete(outcome))
    return insist(place, { node, asked, refusal: outcome, put }, reach);
  throw refuse(place, outcome, asked);
}

/** One PUT (end-7): the answer, its body let go, or the refusal. */
export async function putOnce(
  place: Place,
  { node, tagOrDigest, asked }: Written,
  reach: Reach,
): Promise<Response | Refusal> {
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
  if (response.status !== 201) return refused(place, response);
  const said = header(response, "docker-content-digest");
  await response.discard();
  const isOther =
    said !== undefined &&
    isDigest(said) &&
    algorithmOf(said) === algorithmOf(digest) &&
    said !== digest;
  if (isOther) throw digestMismatch(asked, digest, said);
  return response;
}

async function refused(place: Place, response: Response): Promise<Refusal> {
  const refusal = await refusalOf(place, response);
  if (isIncomplete(refusal)) place.profile.rejectsDangling = "yes";
  return refusal;
}

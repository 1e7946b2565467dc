import type { Node, Reach, Request, Response } from "../../../../mirror/ports";
import { algorithmOf, isDigest } from "../../../../oci/digest";
import { ask, refusalOf, type Place } from "../../place";
import { digestMismatch } from "../../reading/content";
import { isIncomplete, type Refusal } from "../../wire/refusal";
import { header } from "../../wire/message";
import type { Asked } from "../../wire/wireError";

/** A manifest on its way to a digest or a tag. */
export interface Written {
  readonly node: Node;
  readonly tagOrDigest: string;
  readonly asked: Asked;
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

import type { Node, Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { about, refuse, type Place } from "../../place";
import { refuseLarge } from "../../reading/manifests";
import { referrersByApi } from "../../reading/referrers";
import { isIncomplete } from "../../wire/refusal";
import { header } from "../../wire/message";
import { addToFallbackTag, turnAt } from "./fallbackTag";
import { insist } from "./incomplete";
import { putOnce, type Written } from "./putOnce";

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
  place.brought.addManifest(place.repository, node, place.clock.monotonic());
  const { subject } = node.manifest;
  if (subject === undefined) return;
  if (await isListed(place, { subject, response }, reach)) return;
  const turn = turnAt(place, subject.digest, reach);
  await place.turns.take(turn, () =>
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

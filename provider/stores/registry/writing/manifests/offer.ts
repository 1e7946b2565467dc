import type { Node, Reach } from "../../../../mirror/ports";
import type { Digest } from "../../../../oci/digest";
import { about, type Place } from "../../place";
import { refuseLarge } from "../../reading/manifests";
import { missingFrom } from "../../wire/refusal";
import { noteWritten } from "./put";
import { putOnce } from "./putOnce";

/**
 * Offers a manifest by its digest before what it names is known to be there: written, or exactly what is missing, or `undefined`
 * where the registry does not say. Only for hosts whose profile `rejectsDangling`: elsewhere an incomplete manifest would stand.
 */
export async function offerManifest(
  place: Place,
  node: Node,
  reach: Reach,
): Promise<"written" | readonly Digest[] | undefined> {
  const { digest } = node.descriptor;
  const asked = about(place, "could not write the manifest", digest);
  refuseLarge(node.bytes.byteLength, asked);
  const outcome = await putOnce(
    place,
    { node, tagOrDigest: digest, asked },
    reach,
  );
  if ("words" in outcome) return missingFrom(outcome);
  await noteWritten(place, { node, response: outcome }, reach);
  return "written";
}

import type { Reach } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { collect } from "../../collect";
import {
  about,
  ask,
  refuse,
  unexpected,
  type Place,
  refusalOf,
} from "../place";
import { limitError } from "../wire/wireError";
import { proveLength } from "./content";
import { openBlob } from "./download";

/** Whether a blob is there: one HEAD, and a 404 to it is an answer. */
export async function hasBlob(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<boolean> {
  const asked = about(place, "could not find the blob", blob.digest);
  const url = place.endpoints.blob(blob.digest);
  const response = await ask(
    place,
    { ...asked, request: { method: "HEAD", url, headers: {} } },
    reach,
  );
  await response.discard();
  if (response.status === 200) {
    await proveLength(response, blob.size, asked);
    place.holdings.add(place.repository, blob.digest);
    return true;
  }
  if (response.status === 404) return false;
  if (![400, 401, 403].includes(response.status))
    throw await unexpected(place, response, asked);
  const again = await ask(
    place,
    { ...asked, request: { method: "GET", url, headers: {} } },
    reach,
  ); // W53
  if (again.status !== 200)
    throw refuse(place, await refusalOf(place, again), asked);
  await again.discard();
  return true;
}

/** All bytes of a small blob. */
export async function readBlob(
  place: Place,
  wish: { readonly blob: Descriptor; readonly maxBytes: number },
  reach: Reach,
): Promise<Uint8Array> {
  const { blob, maxBytes } = wish;
  const asked = about(place, "could not read the blob", blob.digest);
  if (blob.size > maxBytes)
    throw limitError(
      asked,
      `it claims ${blob.size} bytes, and at most ${maxBytes} are taken`,
    );
  return collect(openBlob(place, blob, reach));
}

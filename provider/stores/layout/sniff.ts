import type { Descriptor } from "../../oci/descriptor";
import type { Digest } from "../../oci/digest";
import { readJson } from "../../oci/json";
import { MalformedError } from "../../oci/malformed";
import { isManifestType, mediaTypes } from "../../oci/mediaType";
import { readBlob, sizeOfBlob } from "./blobs";
import { maxIndexBytes } from "./indexFile";
import type { Place } from "./place";

/** What a manifest that `index.json` does not list says it is; `undefined` when no such blob is there, or it is no manifest. */
export async function sniff(
  place: Place,
  digest: Digest,
): Promise<Descriptor | undefined> {
  const size = await sizeOfBlob(place, digest);
  if (size === undefined || size > maxIndexBytes) return undefined;
  const blob = { mediaType: "application/octet-stream", digest, size };
  const mediaType = mediaTypeOf(await readBlob(place, blob));
  return mediaType === undefined ? undefined : { ...blob, mediaType };
}

function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const body = readBody(bytes);
  if (body === null || typeof body !== "object") return undefined;
  const members = new Map(Object.entries(body));
  const said = members.get("mediaType");
  if (typeof said === "string") return isManifestType(said) ? said : undefined;
  if (members.get("schemaVersion") !== 2) return undefined;
  if (members.has("manifests")) return mediaTypes.ociIndex;
  return members.has("layers") ? mediaTypes.ociManifest : undefined;
}

function readBody(bytes: Uint8Array) {
  try {
    return readJson(bytes);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

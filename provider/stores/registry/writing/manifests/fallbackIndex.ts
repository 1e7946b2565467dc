import { MirrorError } from "../../../../mirror/errors";
import type { Reach, Request, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { referrersTag, type Digest } from "../../../../oci/digest";
import { parseManifest } from "../../../../oci/manifest";
import {
  isIndexType,
  mediaTypes,
  withoutParameters,
} from "../../../../oci/mediaType";
import {
  about,
  ask,
  refuse,
  refusalOf,
  unexpected,
  type Place,
} from "../../place";
import { readBounded, reading, refusePage } from "../../reading/content";
import { manifestRequest, refuseLarge } from "../../reading/manifests";
import { maxManifestBytes } from "../../reading/served";
import { absence } from "../../wire/refusal";
import { header } from "../../wire/message";
import type { Asked } from "../../wire/wireError";

/** What stands under a fallback tag, and the state of it that was seen. */
export interface Listed {
  readonly manifests: readonly Descriptor[];
  readonly etag: string | undefined;
}

/** Reads the fallback tag; one that is absent lists nothing. What is no index there is somebody's, and is not written over. */
export async function readListed(
  place: Place,
  subject: Digest,
  reach: Reach,
): Promise<Listed> {
  const tag = referrersTag(subject);
  const asked = about(place, "could not read the fallback tag", tag);
  const request = manifestRequest(place, "GET", tag);
  const response = await ask(place, { ...asked, request }, reach);
  if (response.status !== 200) return provenEmpty(place, response, asked);
  await refusePage(response, asked);
  const mediaType = withoutParameters(header(response, "content-type") ?? "");
  const bytes = await readBounded(response, maxManifestBytes, asked);
  const index = isIndexType(mediaType)
    ? reading(asked, () => parseManifest(bytes, mediaType))
    : undefined;
  if (index?.kind === "index")
    return { manifests: index.manifests, etag: strongTag(response) };
  throw new MirrorError({
    ...asked,
    fault: "conflict",
    code: "TAG_MOVED",
    why: `it holds ${mediaType.slice(0, 100) || "something"}, which is no index`,
    remedy: "somebody uses this tag for something else; give that another tag",
  });
}

/** A weak one never matches (RFC 9110 §13.1.1). */
function strongTag(response: Response): string | undefined {
  const etag = header(response, "etag");
  return etag?.startsWith('"') ? etag : undefined;
}

async function provenEmpty(
  place: Place,
  response: Response,
  asked: Asked,
): Promise<Listed> {
  const refusal = await refusalOf(place, response);
  const absent = absence(refusal);
  if (absent === "NOT_FOUND_MANIFEST" || absent === "NOT_FOUND_REPO")
    return { manifests: [], etag: undefined };
  throw refuse(place, refusal, asked);
}

/** Writes the fallback tag over the state that was seen; `false` where a registry that compares says that it is not so any more (W108). */
export async function writeListed(
  place: Place,
  index: Listed & { readonly subject: Digest },
  reach: Reach,
): Promise<boolean> {
  const tag = referrersTag(index.subject);
  const asked = about(place, "could not write the fallback tag", tag);
  const body = bytesOf(index.manifests);
  refuseLarge(body.byteLength, asked);
  const match: Readonly<Record<string, string>> =
    index.etag === undefined ? {} : { "if-match": index.etag };
  const request: Request = {
    method: "PUT",
    url: place.endpoints.manifest(tag),
    headers: {
      "content-type": mediaTypes.ociIndex,
      "content-length": String(body.byteLength),
      ...match,
    },
    body,
  };
  const response = await ask(place, { ...asked, request }, reach);
  if (response.status === 412 && index.etag !== undefined) {
    const refusal = await refusalOf(place, response);
    if (/immutab/i.test(refusal.words)) throw refuse(place, refusal, asked);
    return false;
  }
  if (response.status !== 201) throw await unexpected(place, response, asked);
  await response.discard();
  return true;
}

function bytesOf(manifests: readonly Descriptor[]): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: manifests.map(toJson),
    }),
  );
}

function toJson(descriptor: Descriptor): Readonly<Record<string, unknown>> {
  const { data, platform, ...plain } = descriptor;
  return {
    ...plain,
    ...(platform === undefined ? {} : { platform: platformToJson(platform) }),
    ...(data === undefined
      ? {}
      : { data: Buffer.from(data).toString("base64") }),
  };
}

function platformToJson({
  osVersion,
  ...platform
}: NonNullable<Descriptor["platform"]>): Readonly<Record<string, unknown>> {
  return osVersion === undefined
    ? platform
    : { ...platform, "os.version": osVersion };
}

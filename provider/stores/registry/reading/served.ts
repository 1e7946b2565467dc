import { MirrorError } from "../../../mirror/errors";
import type { Response, Served } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import {
  algorithmOf,
  digestOf,
  isDigest,
  type Digest,
} from "../../../oci/digest";
import { asObject, optionalString, readJson } from "../../../oci/json";
import { isManifestType, withoutParameters } from "../../../oci/mediaType";
import { countHeader, header } from "../wire/message";
import { protocolError, type Asked } from "../wire/wireError";
import { digestMismatch, readBounded, reading, refusePage } from "./content";

/** The most bytes of a manifest that are read or written (W54). */
export const maxManifestBytes = 4 * 1024 * 1024;
const withdrawn =
  /^application\/vnd\.(docker\.distribution\.manifest\.v1\+|oci\.artifact\.manifest\.v1\+)/;

/** The descriptor in a HEAD's headers; `undefined` where they do not say all. */
export async function describedBy(
  response: Response,
  tagOrDigest: string,
  asked: Asked,
): Promise<Descriptor | undefined> {
  await refusePage(response, asked);
  const mediaType = withoutParameters(header(response, "content-type") ?? "");
  const digest = header(response, "docker-content-digest");
  const size = countHeader(response, "content-length");
  refuseWithdrawn(mediaType, asked);
  if (
    !isManifestType(mediaType) ||
    digest === undefined ||
    !isDigest(digest) ||
    size === undefined
  )
    return undefined;
  if (isDigest(tagOrDigest) && digest !== tagOrDigest) {
    if (algorithmOf(digest) !== algorithmOf(tagOrDigest)) return undefined;
    throw digestMismatch(asked, tagOrDigest, digest);
  }
  return { mediaType, digest, size };
}

/** Reads and hashes what a GET answered. Throws `corrupt` where header or name say another digest (W52), or no type of a manifest. */
export async function servedBy(
  response: Response,
  tagOrDigest: string,
  asked: Asked,
): Promise<Served> {
  await refusePage(response, asked);
  const bytes = await readBounded(response, maxManifestBytes, asked);
  const digest = digestOfServed(response, { bytes, tagOrDigest, asked });
  const mediaType = typeOf(response, bytes, asked);
  return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes };
}

/** The hash decides; the header may only disagree with it (W52). */
function digestOfServed(
  response: Response,
  served: {
    readonly bytes: Uint8Array;
    readonly tagOrDigest: string;
    readonly asked: Asked;
  },
): Digest {
  const { bytes, tagOrDigest, asked } = served;
  const said = header(response, "docker-content-digest");
  const expected = isDigest(tagOrDigest)
    ? tagOrDigest
    : said !== undefined && isDigest(said)
      ? said
      : undefined;
  const actual = digestOf(
    bytes,
    expected === undefined ? "sha256" : algorithmOf(expected),
  );
  if (expected !== undefined && actual !== expected)
    throw digestMismatch(asked, expected, actual);
  return actual;
}

/** `Content-Type`, or the body's own word where a server sends a type that says nothing (Artifactory). */
function typeOf(response: Response, bytes: Uint8Array, asked: Asked): string {
  const served = withoutParameters(header(response, "content-type") ?? "");
  refuseWithdrawn(served, asked);
  if (isManifestType(served)) return served;
  const inside =
    reading(asked, () =>
      optionalString(
        asObject(readJson(bytes), "manifest"),
        "mediaType",
        "manifest",
      ),
    ) ?? "";
  refuseWithdrawn(inside, asked);
  if (isManifestType(inside)) return inside;
  throw protocolError(
    asked,
    `it is served as ${served.slice(0, 100) || "nothing"}, which is no manifest`,
  );
}

function refuseWithdrawn(mediaType: string, asked: Asked): void {
  if (!withdrawn.test(mediaType)) return;
  throw new MirrorError({
    ...asked,
    fault: "unsupported",
    code: "UNSUPPORTED",
    why: `it is a manifest of the withdrawn form ${mediaType}, which cannot be verified`,
    remedy: "push the artifact again with a current tool",
  }); // W151
}

/** Throws where bytes are served under another media type than they are described with: readers would disagree (N25). */
export function proveType(
  response: Response,
  { mediaType }: Descriptor,
  asked: Asked,
): void {
  const served = withoutParameters(header(response, "content-type") ?? "");
  if (!isManifestType(served) || served === mediaType) return;
  throw new MirrorError({
    ...asked,
    fault: "corrupt",
    code: "AMBIGUOUS_MANIFEST",
    why: `it is served as ${served} and described as ${mediaType}`,
    remedy: "readers would disagree on what it is; nothing of it was used",
  });
}

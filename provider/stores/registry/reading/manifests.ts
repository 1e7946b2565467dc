import { MirrorError } from "../../../mirror/errors";
import type { Reach, Request, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import {
  algorithmOf,
  digestOf,
  isDigest,
  type Digest,
} from "../../../oci/digest";
import { asObject, optionalString, readJson } from "../../../oci/json";
import {
  isManifestType,
  manifestTypes,
  withoutParameters,
} from "../../../oci/mediaType";
import {
  digestMismatch,
  proveContent,
  proveLength,
  readBounded,
  reading,
  refusePage,
  sizeMismatch,
} from "./content";
import { countHeader, header } from "../wire/message";
import {
  about,
  ask,
  refuse,
  unexpected,
  type Place,
  refusalOf,
} from "../place";
import { absence } from "../refusal";
import { limitError, protocolError, type Asked } from "../wire/wireError";

/** A manifest as it was served, re-hashed. */
export interface Served {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

const maxManifestBytes = 4 * 1024 * 1024; // W54
const accept = manifestTypes.join(", "); // W50
const withdrawn =
  /^application\/vnd\.(docker\.distribution\.manifest\.v1\+|oci\.artifact\.manifest\.v1\+)/;

function manifestRequest(
  place: Place,
  method: "HEAD" | "GET",
  tagOrDigest: string,
): Request {
  return {
    method,
    url: place.endpoints.manifest(tagOrDigest),
    headers: { accept, "accept-encoding": "identity" },
  };
}

/** What a tag or digest names: one HEAD where its answer says all (W51), else one GET. `undefined` is proven absent (§1.8). */
export async function resolveManifest(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor | undefined> {
  const asked = about(place, "could not resolve", tagOrDigest);
  const response = await ask(
    place,
    { ...asked, request: manifestRequest(place, "HEAD", tagOrDigest) },
    reach,
  );
  await response.discard();
  if (response.status === 200) {
    return (
      (await describedBy(response, tagOrDigest, asked)) ??
      (await fetchManifest(place, tagOrDigest, reach))?.descriptor
    );
  }
  if (![400, 401, 403, 404].includes(response.status))
    throw await unexpected(place, response, asked);
  return (await fetchManifest(place, tagOrDigest, reach))?.descriptor; // W53: a HEAD has no body that could say why
}

/** The descriptor in a HEAD's headers; `undefined` where they do not say all. */
async function describedBy(
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

/** GETs and hashes what a tag or digest names. `undefined` only where a registry's own error code says so. */
export async function fetchManifest(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Served | undefined> {
  const asked = about(place, "could not read the manifest", tagOrDigest);
  const response = await ask(
    place,
    { ...asked, request: manifestRequest(place, "GET", tagOrDigest) },
    reach,
  );
  if (response.status !== 200) {
    const refusal = await refusalOf(place, response);
    const absent = absence(refusal);
    if (absent === "NOT_FOUND_REPO" || absent === "NOT_FOUND_MANIFEST")
      return undefined;
    throw refuse(place, refusal, asked);
  }
  await refusePage(response, asked);
  const bytes = await readBounded(response, maxManifestBytes, asked);
  const digest = digestOfServed(response, { bytes, tagOrDigest, asked });
  return {
    descriptor: {
      mediaType: typeOf(response, bytes, asked),
      digest,
      size: bytes.byteLength,
    },
    bytes,
  };
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

/** Whether a manifest is there. A 404 to HEAD proves nothing, so a GET confirms it. */
export async function hasManifest(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<boolean> {
  const found = await resolveManifest(place, node.digest, reach);
  if (found === undefined) return false;
  if (found.size === node.size) {
    place.holdings.add(place.repository, node.digest);
    return true;
  }
  throw sizeMismatch(
    about(place, "could not find the manifest", node.digest),
    node.size,
    found.size,
  );
}

/** The bytes of a manifest, proven against its descriptor: one GET. */
export async function readManifest(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<Uint8Array> {
  const asked = about(place, "could not read the manifest", node.digest);
  const response = await ask(
    place,
    { ...asked, request: manifestRequest(place, "GET", node.digest) },
    reach,
  );
  if (response.status !== 200) throw await unexpected(place, response, asked);
  await refusePage(response, asked);
  await proveLength(response, node.size, asked);
  const bytes = await readBounded(response, node.size, asked);
  proveContent(bytes, node, asked);
  const served = withoutParameters(header(response, "content-type") ?? "");
  if (isManifestType(served) && served !== node.mediaType) {
    throw new MirrorError({
      ...asked,
      fault: "corrupt",
      code: "AMBIGUOUS_MANIFEST",
      why: `it is served as ${served} and described as ${node.mediaType}`,
      remedy: "readers would disagree on what it is; nothing of it was used",
    }); // N25
  }
  return bytes;
}

/** Throws where a manifest is larger than registries take back out again (F39). */
export function refuseLarge(size: number, asked: Asked): void {
  if (size > maxManifestBytes)
    throw limitError(
      asked,
      `the manifest has ${size} bytes, and registries take 4 MiB`,
    );
}

import { MirrorError } from "../../../mirror/errors";
import type { Reach, Request, Response, Served } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { manifestTypes } from "../../../oci/mediaType";
import { apiHost } from "../endpoints";
import {
  about,
  ask,
  refusalOf,
  refuse,
  unexpected,
  type Place,
} from "../place";
import { absence } from "../wire/refusal";
import { limitError, type Asked } from "../wire/wireError";
import {
  proveContent,
  proveLength,
  readBounded,
  refusePage,
  sizeMismatch,
} from "./content";
import { describedBy, maxManifestBytes, proveType, servedBy } from "./served";

const accept = manifestTypes.join(", "); // W50

/** Asks for a manifest of any form that we read (end-2, end-3). */
export function manifestRequest(
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
  const seen = await lookAt(place, tagOrDigest, reach);
  if (typeof seen === "object") return seen;
  return (await fetchManifest(place, tagOrDigest, reach))?.descriptor; // W53: a HEAD has no body that could say why
}

/** The same of what is probably absent: the GET that proves it comes first. */
export async function resolveUnlikely(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor | undefined> {
  if (countsPulls(place)) return resolveManifest(place, tagOrDigest, reach);
  return (await fetchManifest(place, tagOrDigest, reach))?.descriptor;
}

/** Docker Hub counts a GET as a pull, and a HEAD not (W51). */
function countsPulls({ endpoints }: Place): boolean {
  return endpoints.host === apiHost("docker.io");
}

/** One HEAD: what it describes, that it saw nothing, or `undefined` where only a GET can tell. */
async function lookAt(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor | "nothing" | undefined> {
  const asked = about(place, "could not resolve", tagOrDigest);
  const response = await ask(
    place,
    { ...asked, request: manifestRequest(place, "HEAD", tagOrDigest) },
    reach,
  );
  await response.discard();
  if (response.status === 200) return describedBy(response, tagOrDigest, asked);
  if (response.status === 404) return "nothing";
  if ([400, 401, 403].includes(response.status)) return undefined;
  throw await unexpected(place, response, asked);
}

/** GETs and hashes what a tag or digest names. `undefined` only where a registry's own error code says so. */
export async function fetchManifest(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Served | undefined> {
  const asked = about(place, "could not read the manifest", tagOrDigest);
  const get = () => getManifest(place, { tagOrDigest, asked }, reach);
  return uncut(get, async (response) => {
    if (response.status === 200) return servedBy(response, tagOrDigest, asked);
    const refusal = await refusalOf(place, response);
    const absent = absence(refusal);
    if (absent === "NOT_FOUND_REPO") place.holdings.miss(place.repository);
    if (absent === "NOT_FOUND_REPO" || absent === "NOT_FOUND_MANIFEST")
      return undefined;
    throw refuse(place, refusal, asked);
  });
}

function getManifest(
  place: Place,
  {
    tagOrDigest,
    asked,
  }: { readonly tagOrDigest: string; readonly asked: Asked },
  reach: Reach,
): Promise<Response> {
  const request = manifestRequest(place, "GET", tagOrDigest);
  return ask(place, { ...asked, request }, reach);
}

/** What came cut is asked for once more (§5.3 `truncated-manifest`). */
async function uncut<T>(
  get: () => Promise<Response>,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const response = await get();
  try {
    return await read(response);
  } catch (error) {
    if (!isCut(error)) throw error;
  }
  return read(await get());
}

const cutCodes = new Set(["NETWORK", "DIGEST_MISMATCH", "SIZE_MISMATCH"]);

function isCut(error: unknown): boolean {
  return error instanceof MirrorError && cutCodes.has(error.code);
}

/** Whether a manifest is there, with proof: a 404 to HEAD proves nothing, so a GET confirms it. */
export async function hasManifest(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<boolean> {
  return isThere(place, node, await resolveManifest(place, node.digest, reach));
}

/** Whether a HEAD sees a manifest: whoever is told no writes it again. */
export async function seesManifest(
  place: Place,
  node: Descriptor,
  reach: Reach,
): Promise<boolean> {
  const seen = await lookAt(place, node.digest, reach);
  if (seen === "nothing") return false;
  const found =
    seen ?? (await fetchManifest(place, node.digest, reach))?.descriptor;
  return isThere(place, node, found);
}

function isThere(
  place: Place,
  node: Descriptor,
  found: Descriptor | undefined,
): boolean {
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
  const { digest } = node;
  const asked = about(place, "could not read the manifest", digest);
  const get = () => getManifest(place, { tagOrDigest: digest, asked }, reach);
  return uncut(get, async (response) => {
    if (response.status !== 200) throw await unexpected(place, response, asked);
    await refusePage(response, asked);
    await proveLength(response, node.size, asked);
    const bytes = await readBounded(response, node.size, asked);
    proveContent(bytes, node, asked);
    proveType(response, node, asked);
    return bytes;
  });
}

/** Throws where a manifest is larger than registries take back out again (F39). */
export function refuseLarge(size: number, asked: Asked): void {
  if (size > maxManifestBytes)
    throw limitError(
      asked,
      `the manifest has ${size} bytes, and registries take 4 MiB`,
    );
}

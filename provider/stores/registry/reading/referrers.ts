import type { MirrorError } from "../../../mirror/errors";
import type { Reach, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { referrersTag, type Digest } from "../../../oci/digest";
import { parseManifest } from "../../../oci/manifest";
import {
  isIndexType,
  mediaTypes,
  withoutParameters,
} from "../../../oci/mediaType";
import { reading } from "./content";
import { pages } from "./links";
import { fetchManifest } from "./manifests";
import { header } from "../wire/message";
import { about, ask, refuse, type Place, refusalOf } from "../place";
import { absence, type Refusal } from "../wire/refusal";
import { limitError, protocolError, type Asked } from "../wire/wireError";

const maxPages = 100; // W103
const maxReferrers = 10_000;
const headers = { accept: mediaTypes.ociIndex, "accept-encoding": "identity" };

/** Everything that is said to refer to a subject: by the API where it is offered, else by the fallback tag. Complete, or it throws (W102). */
export async function listReferrers(
  place: Place,
  subject: Digest,
  reach: Reach,
): Promise<readonly Descriptor[]> {
  if (place.profile.withoutReferrers.get(place.repository))
    return (await referrersByTag(place, subject, reach)) ?? [];
  const answer = await askApi(place, subject, reach);
  if (answer.listed) return answer.listed;
  const byTag = await referrersByTag(place, subject, reach);
  // a denial says nothing: only a list under the tag shows that the registry has no other (W101)
  if (!byTag && answer.denied) throw answer.denied;
  return byTag ?? [];
}

/** What the API lists; `undefined` where the registry does not offer it, or denies it (W100, W101). */
export async function referrersByApi(
  place: Place,
  subject: Digest,
  reach: Reach,
): Promise<readonly Descriptor[] | undefined> {
  return (await askApi(place, subject, reach)).listed;
}

interface ApiAnswer {
  readonly listed?: readonly Descriptor[];
  /** Harbor 2.7 denies what it does not offer, with the token that reads all else */
  readonly denied?: MirrorError;
}

async function askApi(
  place: Place,
  subject: Digest,
  reach: Reach,
): Promise<ApiAnswer> {
  const asked = about(place, "could not list the referrers", subject);
  const url = place.endpoints.referrers(subject);
  const response = await ask(
    place,
    { ...asked, request: { method: "GET", url, headers }, onLeave: "return" },
    reach,
  );
  if (!isIndex(response)) return withoutApi(place, response, asked);
  place.profile.referrers = "offered";
  const found = new Map<Digest, Descriptor>();
  for await (const page of pages(
    place,
    { first: { response, url }, asked, headers, maxPages },
    reach,
  )) {
    if (!isIndex(page.response))
      throw protocolError(asked, "one of its pages is not an index");
    for (const descriptor of readIndex(page.bytes, asked))
      found.set(descriptor.digest, descriptor);
    if (found.size > maxReferrers)
      throw limitError(asked, `there are more than ${maxReferrers}`);
  }
  return { listed: [...found.values()] };
}

function isIndex(response: Response): boolean {
  return (
    response.status === 200 &&
    withoutParameters(header(response, "content-type") ?? "") ===
      mediaTypes.ociIndex
  );
}

function readIndex(bytes: Uint8Array, asked: Asked): readonly Descriptor[] {
  const index = reading(asked, () => parseManifest(bytes, mediaTypes.ociIndex));
  return index.kind === "index" ? index.manifests : [];
}

/** Tells "not offered" from "could not ask"; only what lasts is remembered. */
async function withoutApi(
  place: Place,
  response: Response,
  asked: Asked,
): Promise<ApiAnswer> {
  const refusal = await refusalOf(place, response);
  const { status } = refusal;
  if (place.profile.referrers === "offered") {
    if (absence(refusal) !== undefined) return {};
    throw refuse(place, refusal, asked); // it lists referrers: this is an answer of something else
  }
  if (notOffered.has(status)) {
    learnMissing(place, refusal);
    return {};
  }
  const isRedirect = status >= 300 && status < 400;
  if (status === 200 || isRedirect) return {};
  const denied = refuse(place, refusal, asked);
  if (denied.fault === "denied") return { denied };
  throw denied;
}

const notOffered = new Set([400, 404, 405, 406]);

/** A 400 may be about this subject only, and a repository that is absent may be there tomorrow. */
function learnMissing(place: Place, refusal: Refusal): void {
  if (refusal.status === 400 || absence(refusal) !== undefined) return;
  place.profile.withoutReferrers.set(place.repository, true);
}

/** What the fallback tag lists; `undefined` where the tag is absent, or holds a manifest and no index. */
async function referrersByTag(
  place: Place,
  subject: Digest,
  reach: Reach,
): Promise<readonly Descriptor[] | undefined> {
  const served = await fetchManifest(place, referrersTag(subject), reach);
  if (served === undefined || !isIndexType(served.descriptor.mediaType))
    return undefined;
  const asked = about(place, "could not list the referrers", subject);
  const index = reading(asked, () =>
    parseManifest(served.bytes, served.descriptor.mediaType),
  );
  return index.kind === "index" ? index.manifests : [];
}

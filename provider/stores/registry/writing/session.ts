import type { Reach, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf } from "../../../oci/digest";
import { header } from "../wire/message";
import { about, ask, unexpected, type Place } from "../place";
import { protocolError, type Asked } from "../wire/wireError";

/** How a registry answered the wish to bring a blob: it has it now, or it opened a session at `location`. */
export type Opening =
  | { readonly kind: "mounted" }
  | { readonly kind: "session"; readonly location: URL };

/** Begins an upload (end-4a). */
export async function openSession(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<URL> {
  const asked = about(place, "could not begin to write the blob", blob.digest);
  const query: Readonly<Record<string, string>> =
    algorithmOf(blob.digest) === "sha512"
      ? { "digest-algorithm": "sha512" }
      : {}; // W87
  const response = await post(place, { query, asked }, reach);
  if (response.status !== 202) throw await unexpected(place, response, asked);
  return locationOf(place, response, asked);
}

/** Asks for a blob of another repository of the same registry (end-11). `undefined`: refused, and the plain way is open (W92). */
export async function mount(
  place: Place,
  wish: { readonly blob: Descriptor; readonly from: string },
  reach: Reach,
): Promise<Opening | undefined> {
  const { blob, from } = wish;
  const asked = about(place, "could not mount the blob", blob.digest);
  const response = await post(
    place,
    { query: { mount: blob.digest, from }, asked, mountFrom: from },
    reach,
  );
  if (response.status === 202)
    return {
      kind: "session",
      location: await locationOf(place, response, asked),
    };
  if ([400, 401, 403, 404, 405].includes(response.status)) {
    await response.discard();
    return undefined;
  }
  if (response.status !== 201) throw await unexpected(place, response, asked);
  await response.discard();
  return { kind: "mounted" };
}

async function post(
  place: Place,
  wish: {
    readonly query: Readonly<Record<string, string>>;
    readonly asked: Asked;
    readonly mountFrom?: string;
  },
  reach: Reach,
): Promise<Response> {
  const url = place.endpoints.uploads(wish.query);
  const mountFrom =
    wish.mountFrom === undefined ? {} : { mountFrom: wish.mountFrom };
  return ask(
    place,
    {
      ...wish.asked,
      ...mountFrom,
      request: { method: "POST", url, headers: { "content-length": "0" } },
    },
    reach,
  );
}

/** Where the session goes on: this origin only; `http` on the same host is a proxy's usual mistake and becomes `https` (N10–N12). */
async function locationOf(
  place: Place,
  response: Response,
  asked: Asked,
): Promise<URL> {
  const location = header(response, "location");
  await response.discard();
  const { origin } = place.endpoints;
  if (location === undefined || !URL.canParse(location, origin)) {
    throw protocolError(asked, "the registry does not say where to write to");
  }
  const url = new URL(location, place.endpoints.uploads({})); // W81
  const home = new URL(origin);
  if (
    home.protocol === "https:" &&
    url.protocol === "http:" &&
    url.hostname === home.hostname
  ) {
    url.protocol = "https:";
    url.port = home.port;
  }
  if (url.origin === origin && !url.username && !url.password) return url;
  throw protocolError(
    asked,
    `the registry wants it to be written to ${url.origin}, which is not the registry`,
  );
}

/** Where to PUT the whole: the session's own query stays as it is (W81). */
export function commitUrl(location: URL, blob: Descriptor): URL {
  return new URL(
    `${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(blob.digest)}`,
  );
}

const cancelMs = 1000;

/** Gives a session up. Best effort: nobody waits for it longer than a second, and a refusal changes nothing. */
export async function cancelSession(
  place: Place,
  location: URL,
  reach: Reach,
): Promise<void> {
  const asked = about(place, "could not give up an upload");
  const briefly = { ...reach, signal: AbortSignal.timeout(cancelMs) };
  try {
    const response = await ask(
      { ...place, patience: { ...place.patience, tries: 1 } },
      { ...asked, request: { method: "DELETE", url: location, headers: {} } },
      briefly,
    );
    await response.discard();
  } catch {
    // the registry collects abandoned sessions by itself
  }
}

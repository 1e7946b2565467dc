import type { Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import type { Place } from "../../place";
import { countHeader, header } from "../../wire/message";
import { protocolError, type Asked } from "../../wire/wireError";

/** An upload that the registry has begun with us. */
export interface Session {
  /** the newest Location; an older one may be dead (W82) */
  readonly location: URL;
  /** the least bytes of a piece but the last (`OCI-Chunk-Min-Length`) */
  readonly minPieceBytes: number;
}

/** The session that an answer speaks of; the answer is let go. */
export async function sessionOf(
  place: Place,
  response: Response,
  by: { readonly asked: Asked; readonly reach: Reach },
): Promise<Session> {
  const minPieceBytes = countHeader(response, "oci-chunk-min-length") ?? 0;
  const location = header(response, "location");
  await response.discard();
  return { location: whereOn(place, location, by), minPieceBytes };
}

/** Where the session goes on: this origin only; `http` on the same host is a proxy's usual mistake and becomes `https` (N10–N12). */
function whereOn(
  place: Place,
  location: string | undefined,
  by: { readonly asked: Asked; readonly reach: Reach },
): URL {
  const { origin } = place.endpoints;
  if (location === undefined || !URL.canParse(location, origin))
    throw protocolError(
      by.asked,
      "the registry does not say where to write to",
    );
  const url = new URL(location, place.endpoints.uploads({})); // W81
  const home = new URL(origin);
  if (
    home.protocol === "https:" &&
    url.protocol === "http:" &&
    url.hostname === home.hostname
  ) {
    const text = `${home.host} wants uploads in clear (an upload location of http:); they go over https all the same. A proxy before it should pass X-Forwarded-Proto on`;
    place.lane.warn(text, by.reach);
    url.protocol = "https:";
    url.port = home.port;
  }
  if (url.origin === origin && !url.username && !url.password) return url;
  throw protocolError(
    by.asked,
    `the registry wants it to be written to ${url.origin}, which is not the registry`,
  );
}

/** Where to PUT what completes a blob: the session's own query stays as it is (W81). */
export function commitUrl(location: URL, blob: Descriptor): URL {
  return new URL(
    `${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(blob.digest)}`,
  );
}

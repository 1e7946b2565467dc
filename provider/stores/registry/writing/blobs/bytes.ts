import type { Reach, Request, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { collect } from "../../../collect";
import { about, ask, askOnce, type Place } from "../../place";
import type { Flow } from "./delivery";
import { confirm, refusedBytes, type Failure } from "./failure";
import { commitUrl, sessionOf, type Session } from "./location";

/** What is small enough to be held while it is sent, so that a challenge can be answered without a new session. */
export const smallBytes = 64 * 1024;

const type = { "content-type": "application/octet-stream" };

/** Sends bytes of a blob, once: who sends again needs a new session (W86). */
export function sendBytes(
  place: Place,
  wish: {
    readonly method: "PUT" | "PATCH";
    readonly url: URL;
    readonly body: Uint8Array | AsyncIterable<Uint8Array>;
    readonly count: number;
    /** where they begin, when they are a piece */
    readonly offset?: number;
  } & { readonly blob: Descriptor },
  reach: Reach,
): Promise<Response> {
  const { blob, method, url, body, count, offset } = wish;
  const asked = about(place, "could not write the blob", blob.digest);
  const isRanged = offset !== undefined && count > 0;
  const range: Readonly<Record<string, string>> = isRanged
    ? { "content-range": `${offset}-${offset + count - 1}` } // W84: no `bytes` before it
    : {};
  const headers = { ...type, "content-length": String(count), ...range };
  const request: Request = { method, url, headers, body };
  return askOnce(place, { ...asked, request }, reach);
}

/** One PUT of the whole (end-6). `undefined` where the registry has it now. */
export async function putWhole(
  place: Place,
  wish: {
    readonly flow: Flow;
    readonly blob: Descriptor;
    readonly session: Session;
  },
  reach: Reach,
): Promise<Failure | undefined> {
  const { flow, blob, session } = wish;
  const isSmall = blob.size <= smallBytes;
  const body = isSmall ? await collect(flow.chunks) : flow.chunks;
  const url = commitUrl(session.location, blob);
  const response = await sendBytes(
    place,
    { method: "PUT", url, body, count: blob.size, blob },
    reach,
  );
  return response.status === 201 || response.status === 204
    ? confirm(place, { response, blob }, reach)
    : refusedBytes(place, { response, blob, isHeld: isSmall }, reach);
}

/** Asks with the whole of a small blob in the POST itself (W83): done, a session to go on in, or `undefined` where the plain way is left. */
export async function postWhole(
  place: Place,
  wish: { readonly blob: Descriptor; readonly bytes: Uint8Array },
  reach: Reach,
): Promise<"done" | Session | undefined> {
  const { blob, bytes } = wish;
  const asked = about(place, "could not write the blob", blob.digest);
  const url = place.endpoints.uploads({ digest: blob.digest });
  const headers = { ...type, "content-length": String(bytes.byteLength) };
  const request: Request = { method: "POST", url, headers, body: bytes };
  const response = await ask(place, { ...asked, request }, reach);
  if (response.status === 202)
    return sessionOf(place, response, { asked, reach });
  if (response.status === 201) {
    await confirm(place, { response, blob }, reach);
    return "done";
  }
  await response.discard();
  return undefined;
}

import { MirrorError } from "../../../../mirror/errors";
import type { Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { algorithmOf } from "../../../../oci/digest";
import {
  about,
  ask,
  askOnce,
  refuse,
  refusalOf,
  unexpected,
  type Place,
} from "../../place";
import { absence, type Refusal } from "../../wire/refusal";
import type { Asked } from "../../wire/wireError";
import { begin } from "./beginning";
import { sessionOf, type Session } from "./location";

/** How a registry answered the wish to bring a blob: it has it now, or it opened a session. */
export type MountAnswer =
  | { readonly kind: "here" }
  | { readonly kind: "session"; readonly session: Session };

/** Begins an upload (end-4a). */
export async function openSession(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<Session> {
  const asked = about(place, "could not begin to write the blob", blob.digest);
  return begin(reach, asked, {
    work: async (patient) => {
      const query = hashing(blob);
      const response = await post(place, { query, asked }, patient);
      if (response.status === 202)
        return sessionOf(place, response, { asked, reach });
      throw beginningRefused(place, await refusalOf(place, response), asked);
    },
    giveUp: (session) => cancelSession(place, session, reach),
  });
}

/** What an upload's beginning says of the hash: a registry may hash by sha256 unless told (W87). */
function hashing({ digest }: Descriptor): Readonly<Record<string, string>> {
  return algorithmOf(digest) === "sha512"
    ? { "digest-algorithm": "sha512" }
    : {};
}

/** A 404 to the beginning of an upload is about the repository: nothing else was named (F51). */
function beginningRefused(
  place: Place,
  refusal: Refusal,
  asked: Asked,
): MirrorError {
  if (absence(refusal) === undefined) return refuse(place, refusal, asked);
  const { product = "the registry", createRepository } = place.profile.traits;
  return new MirrorError({
    ...asked,
    fault: "absent",
    code: "NOT_FOUND_REPO",
    why: `${product} has no such repository, and does not make it: ${refusal.words}`,
    remedy: createRepository ?? "create the repository, or check its name",
  });
}

/** Asks for a blob of a repository of the same registry (end-11). `undefined`: refused, and the plain way is open (W92). */
export async function mount(
  place: Place,
  wish: { readonly blob: Descriptor; readonly from: string },
  reach: Reach,
): Promise<MountAnswer | undefined> {
  const { blob, from } = wish;
  const asked = about(place, "could not mount the blob", blob.digest);
  const mountFrom = from === place.endpoints.name ? undefined : from;
  const query = { mount: blob.digest, from, ...hashing(blob) };
  return begin(reach, asked, {
    work: async (patient) => {
      const response = await post(place, { query, asked, mountFrom }, patient);
      return readMountAnswer(place, response, { asked, reach });
    },
    giveUp: async (opening) => {
      if (opening?.kind === "session")
        await cancelSession(place, opening.session, reach);
    },
  });
}

async function readMountAnswer(
  place: Place,
  response: Response,
  at: { readonly asked: Asked; readonly reach: Reach },
): Promise<MountAnswer | undefined> {
  if (response.status === 202)
    return { kind: "session", session: await sessionOf(place, response, at) };
  if ([201, 400, 401, 403, 404, 405].includes(response.status)) {
    await response.discard();
    return response.status === 201 ? { kind: "here" } : undefined;
  }
  throw await unexpected(place, response, at.asked);
}

function post(
  place: Place,
  wish: {
    readonly query: Readonly<Record<string, string>>;
    readonly asked: Asked;
    readonly mountFrom?: string | undefined;
  },
  reach: Reach,
): Promise<Response> {
  const { query, asked, mountFrom } = wish;
  const url = place.endpoints.uploads(query); // W80
  const headers = { "content-length": "0" };
  return ask(
    place,
    {
      ...asked,
      ...(mountFrom === undefined ? {} : { mountFrom }),
      request: { method: "POST", url, headers },
    },
    reach,
  );
}

const cancelMs = 1000;

/** Gives a session up. Best effort: nobody waits for it longer than a second, and a refusal changes nothing. */
export async function cancelSession(
  place: Place,
  { location }: Session,
  reach: Reach,
): Promise<void> {
  const asked = about(place, "could not give up an upload");
  const briefly = { ...reach, signal: AbortSignal.timeout(cancelMs) };
  const send = (method: "DELETE" | "GET", url: URL): Promise<Response> =>
    askOnce(
      place,
      { ...asked, request: { method, url, headers: {} } },
      briefly,
    );
  try {
    const response = await send("DELETE", location);
    await response.discard();
    if (response.status !== 416) return;
    // distribution deletes by a Location alone that knows how much has come
    const known = await send("GET", location);
    const now = await sessionOf(place, known, { asked, reach: briefly });
    await (await send("DELETE", now.location)).discard();
  } catch {
    // the registry collects abandoned sessions by itself
  }
}

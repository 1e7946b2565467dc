import { MirrorError } from "../../../mirror/errors";
import type { Reach, Request, Response, Source } from "../../../mirror/ports";
import { whereIn } from "../../../mirror/where";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, isDigest } from "../../../oci/digest";
import { collect } from "../../collect";
import { hasBlob } from "../reading/blobs";
import { sizeMismatch } from "../reading/content";
import { header } from "../wire/message";
import { about, ask, refuse, type Place, refusalOf } from "../place";
import { backOff, isPassing, isTransient, pause } from "../pace/retry";
import {
  cancelSession,
  commitUrl,
  mount,
  openSession,
  type Opening,
} from "./session";
import type { Refusal } from "../refusal";
import { stopped } from "../wire/wireError";

/** One blob on its way. */
export interface Delivery {
  readonly source: Source;
  readonly blob: Descriptor;
  readonly onBytes: (count: number) => void;
}

const smallBytes = 64 * 1024;
const maxMounts = 2;

/** Brings a blob: nothing where it is known to be here, by mount where the registry has it, else by stream. Answers the bytes sent. */
export async function copyBlob(
  place: Place,
  delivery: Delivery,
  reach: Reach,
): Promise<number> {
  const { digest } = delivery.blob;
  if (place.holdings.has(place.repository, digest)) return 0;
  const { value, isOwn } = await place.holdings.uploads.join(
    `${place.repository}@${digest}`,
    reach.signal,
    async () => {
      const opening = await tryMounts(place, delivery, reach);
      const sent =
        opening?.kind === "mounted"
          ? 0
          : await upload(
              place,
              { ...delivery, first: opening?.location },
              reach,
            );
      place.holdings.add(place.repository, digest);
      return sent;
    },
  );
  return isOwn ? value : 0;
}

/** Tries the repositories that are known to have the blob; a mount that fails never fails the copy (W90–W92). */
async function tryMounts(
  place: Place,
  { source, blob }: Delivery,
  reach: Reach,
): Promise<Opening | undefined> {
  const known = [
    source.repository,
    ...place.holdings.repositoriesWith(blob.digest),
  ];
  const others = [...new Set(known)].filter(
    (repository) => repository !== place.repository,
  );
  let tries = 0;
  for (const repository of others) {
    if (tries === maxMounts || !(await isMountable(place, repository, reach)))
      continue;
    tries += 1;
    const opening = await tryMount(
      place,
      { blob, from: repository.slice(registryOf(place).length) },
      reach,
    );
    if (opening?.kind === "session") return opening;
    if (opening?.kind === "mounted" && (await hasBlob(place, blob, reach)))
      return opening; // W91
  }
  return undefined;
}

async function tryMount(
  place: Place,
  wish: Parameters<typeof mount>[1],
  reach: Reach,
): Promise<Opening | undefined> {
  try {
    return await mount(place, wish, reach);
  } catch (error) {
    if (
      error instanceof MirrorError &&
      (error.fault === "denied" || error.fault === "corrupt")
    )
      return undefined;
    throw error;
  }
}

function registryOf(place: Place): string {
  return place.repository.slice(0, -place.endpoints.name.length);
}

/** The same registry, seen with the very same credential (W90, N54). */
async function isMountable(
  place: Place,
  repository: string,
  reach: Reach,
): Promise<boolean> {
  if (!repository.startsWith(registryOf(place))) return false;
  const { keyring } = place.gate;
  const ours = await keyring.credential(place.repository, reach);
  const theirs = await keyring.credential(repository, reach);
  return ours?.id === theirs?.id;
}

/** The whole blob in one session; what fails begins anew, with the source read again (W86). */
async function upload(
  place: Place,
  delivery: Delivery & { readonly first: URL | undefined },
  reach: Reach,
): Promise<number> {
  let session = delivery.first;
  for (let attempt = 1; ; attempt++) {
    const location =
      session ?? (await openSession(place, delivery.blob, reach));
    session = undefined;
    const failure = await send(place, { ...delivery, location }, reach);
    if (failure === undefined) return delivery.blob.size;
    await cancelSession(place, location, reach);
    if (reach.signal.aborted)
      throw stopped(
        reach.signal,
        about(place, "could not write the blob", delivery.blob.digest),
      );
    if (failure.isSources) throw failure.error;
    if (await isHereAfterAll(place, delivery.blob, reach))
      return delivery.blob.size;
    if (attempt >= place.patience.tries || !failure.isWorthMore(attempt))
      throw failure.error;
    await pause(backOff(attempt, place), reach.signal, place.clock);
  }
}

/** A commit that looks failed may have been done (finding 4). Where even that cannot be asked, the first failure is the one to tell. */
async function isHereAfterAll(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<boolean> {
  try {
    return await hasBlob(place, blob, reach);
  } catch (error) {
    if (error instanceof MirrorError && error.fault !== "cancelled")
      return false;
    throw error;
  }
}

interface Failure {
  readonly error: unknown;
  /** the source, and not this place, is to blame */
  readonly isSources: boolean;
  isWorthMore(attempt: number): boolean;
}

/** One PUT of the whole body (end-6). `undefined` where the registry has it. */
async function send(
  place: Place,
  delivery: Delivery & { readonly location: URL },
  reach: Reach,
): Promise<Failure | undefined> {
  const { blob, location } = delivery;
  const asked = about(place, "could not write the blob", blob.digest);
  const reading: Reading = { failed: false, error: undefined };
  try {
    const headers = {
      "content-type": "application/octet-stream",
      "content-length": String(blob.size),
    };
    const stream = readSource(delivery, reading, reach);
    const body = blob.size <= smallBytes ? await collect(stream) : stream;
    const request: Request = {
      method: "PUT",
      url: commitUrl(location, blob),
      headers,
      body,
    };
    const response = await ask(
      { ...place, patience: { ...place.patience, tries: 1 } },
      { ...asked, request },
      reach,
    );
    if (response.status === 201 || response.status === 204)
      return await confirm(place, { response, blob }, reach);
    const refusal = await refusalOf(place, response);
    return {
      error: refuse(place, refusal, asked),
      isSources: reading.failed,
      isWorthMore: (attempt) => isWorthMore(refusal, attempt),
    };
  } catch (error) {
    const cause = reading.failed ? reading.error : error;
    return {
      error: cause,
      isSources: reading.failed,
      isWorthMore: (attempt) => isPassing(error, attempt),
    };
  }
}

/** How the source did, while somebody else was reading it. */
interface Reading {
  failed: boolean;
  error: unknown;
}

/** Hands on what the source gives, never more or less than described (W88); the chunk that completes it waits for the source's last word. */
async function* readSource(
  { source, blob, onBytes }: Delivery,
  reading: Reading,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  let last: Uint8Array | undefined;
  const asked = {
    what: "could not read the blob",
    where: whereIn(source, blob.digest),
  };
  try {
    for await (const chunk of source.open(blob, reach)) {
      if (chunk.byteLength === 0) continue;
      count += chunk.byteLength;
      if (count > blob.size)
        throw sizeMismatch(asked, blob.size, `at least ${count}`);
      onBytes(chunk.byteLength);
      if (count < blob.size) yield chunk;
      else last = chunk;
    }
    if (count < blob.size) throw sizeMismatch(asked, blob.size, count);
  } catch (error) {
    reading.failed = true;
    reading.error = error;
    throw error;
  }
  if (last !== undefined) yield last;
}

/** A registry that stored it under another algorithm did not store what was asked (W87, N52). */
async function confirm(
  place: Place,
  stored: { readonly response: Response; readonly blob: Descriptor },
  reach: Reach,
): Promise<undefined> {
  const { response, blob } = stored;
  const said = header(response, "docker-content-digest");
  await response.discard();
  if (said === undefined || said === blob.digest) return undefined;
  const isOther =
    isDigest(said) && algorithmOf(said) !== algorithmOf(blob.digest);
  if (isOther && (await hasBlob(place, blob, reach))) return undefined;
  throw new MirrorError({
    ...about(place, "could not write the blob", blob.digest),
    fault: isOther ? "unsupported" : "corrupt",
    code: isOther ? "UNSUPPORTED" : "DIGEST_MISMATCH",
    why: `the registry says that it stored ${said.slice(0, 140)}`,
    remedy: "check the registry, and any proxy before it",
  });
}

const sessionCodes = /^(BLOB_UPLOAD_|DIGEST_INVALID|SIZE_INVALID)/;

/** Whether a new session may succeed: the registry was down, forgot the session, lost bytes on the way, or the token ran out. */
function isWorthMore(refusal: Refusal, attempt: number): boolean {
  if (isTransient(refusal.status)) return true;
  if (refusal.status === 401) return attempt < 2;
  const isLost = refusal.complaints.some(({ code }) => sessionCodes.test(code));
  return isLost && (refusal.status === 404 ? true : attempt < 2);
}

import type { Reach, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, hasher } from "../../../oci/digest";
import { collect } from "../../collect";
import {
  digestMismatch,
  proveLength,
  refuseEncoding,
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
import { backOff, isPassing, pause } from "../pace/retry";
import { limitError, located, stopped, type Asked } from "../wire/wireError";

/** Whether a blob is there: one HEAD, and a 404 to it is an answer. */
export async function hasBlob(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<boolean> {
  const asked = about(place, "could not find the blob", blob.digest);
  const url = place.endpoints.blob(blob.digest);
  const response = await ask(
    place,
    { ...asked, request: { method: "HEAD", url, headers: {} } },
    reach,
  );
  await response.discard();
  if (response.status === 200) {
    await proveLength(response, blob.size, asked);
    place.holdings.add(place.repository, blob.digest);
    return true;
  }
  if (response.status === 404) return false;
  if (![400, 401, 403].includes(response.status))
    throw await unexpected(place, response, asked);
  const again = await ask(
    place,
    { ...asked, request: { method: "GET", url, headers: {} } },
    reach,
  ); // W53
  if (again.status !== 200)
    throw refuse(place, await refusalOf(place, again), asked);
  await again.discard();
  return true;
}

/** All bytes of a small blob. */
export async function readBlob(
  place: Place,
  wish: { readonly blob: Descriptor; readonly maxBytes: number },
  reach: Reach,
): Promise<Uint8Array> {
  const { blob, maxBytes } = wish;
  const asked = about(place, "could not read the blob", blob.digest);
  if (blob.size > maxBytes)
    throw limitError(
      asked,
      `it claims ${blob.size} bytes, and at most ${maxBytes} are taken`,
    );
  return collect(openBlob(place, blob, reach));
}

const maxTries = 6;
const progressBytes = 1024 * 1024;

/** Where a download stands. */
interface Progress {
  /** bytes that are hashed and handed out, or held back */
  offset: number;
  /** tries since the last mebibyte came (W75) */
  tries: number;
  lastOffset: number;
  /** a `Content-Range` was wrong once: from then on the whole is asked for */
  whole: boolean;
}

/** One blob on its way here. */
interface Download {
  readonly blob: Descriptor;
  readonly progress: Progress;
  readonly asked: Asked;
}

/** A blob's bytes as they come. The chunk that completes it is held back until size and digest are proven. */
export async function* openBlob(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const asked = about(place, "could not read the blob", blob.digest);
  const hash = hasher(algorithmOf(blob.digest));
  let offset = 0;
  let last: Uint8Array | undefined;
  for await (const chunk of resumed(place, { blob, asked }, reach)) {
    offset += chunk.byteLength;
    hash.update(chunk);
    if (offset === blob.size) last = chunk;
    else yield chunk;
  }
  const actual = hash.digest();
  if (actual !== blob.digest) throw digestMismatch(asked, blob.digest, actual);
  if (last !== undefined) yield last;
}

/** Exactly as many bytes as are described, over as many connections as it takes (W72–W75). */
async function* resumed(
  place: Place,
  wish: { readonly blob: Descriptor; readonly asked: Asked },
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { blob, asked } = wish;
  const progress: Progress = {
    offset: 0,
    tries: 0,
    lastOffset: 0,
    whole: false,
  };
  do {
    try {
      yield* counted(place, { ...wish, progress }, reach);
    } catch (error) {
      await recover(error, { place, progress, blob, asked }, reach);
    }
  } while (progress.offset < blob.size); // W74: never an empty range
}

async function* counted(
  place: Place,
  at: Download,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { blob, progress, asked } = at;
  for await (const chunk of fetchFrom(place, at, reach)) {
    progress.offset += chunk.byteLength;
    if (progress.offset > blob.size) {
      throw sizeMismatch(asked, blob.size, `at least ${progress.offset}`); // W72
    }
    yield chunk;
  }
  if (progress.offset < blob.size) {
    throw sizeMismatch(asked, blob.size, progress.offset);
  }
}

/** Waits where the stream may be taken up again, throws where not. */
async function recover(
  error: unknown,
  at: Download & { readonly place: Place },
  reach: Reach,
): Promise<void> {
  const { place, progress, blob, asked } = at;
  if (reach.signal.aborted) throw stopped(reach.signal, asked);
  if (progress.offset === blob.size && isPassing(error, 1)) return; // cut behind the last byte: all is here
  if (progress.offset - progress.lastOffset >= progressBytes)
    progress.tries = 0;
  progress.lastOffset = progress.offset;
  progress.tries += 1;
  if (!isPassing(error, progress.tries) || progress.tries >= maxTries)
    throw located(error, asked);
  await pause(backOff(progress.tries, place), reach.signal, place.clock);
}

/** One GET from where we stand, at the registry and never at a CDN's signed address (W76). */
async function* fetchFrom(
  place: Place,
  at: Download,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { blob, progress, asked } = at;
  let response = await get(place, at, reach);
  if (
    response.status === 206 &&
    !isRangeRight(response, progress.offset, blob.size)
  ) {
    await response.discard();
    progress.whole = true;
    response = await get(place, at, reach); // W73
  }
  if (response.status !== 200 && response.status !== 206)
    throw await unexpected(place, response, asked);
  await refuseEncoding(response, asked);
  if (response.status === 200) await refuseLength(response, blob.size, asked);
  const skip = response.status === 200 ? progress.offset : 0; // a 200 begins at 0: what is here already is read past
  yield* after(response, skip);
}

async function get(
  place: Place,
  { blob, progress, asked }: Download,
  reach: Reach,
): Promise<Response> {
  const isResume = progress.offset > 0 && !progress.whole;
  const range: Readonly<Record<string, string>> = isResume
    ? { range: `bytes=${progress.offset}-` }
    : {};
  const url = place.endpoints.blob(blob.digest);
  return ask(
    place,
    {
      ...asked,
      request: {
        method: "GET",
        url,
        headers: { "accept-encoding": "identity", ...range },
      },
    },
    reach,
  );
}

async function refuseLength(
  response: Response,
  size: number,
  asked: Asked,
): Promise<void> {
  const length = countHeader(response, "content-length");
  if (length !== undefined && length !== size)
    await refusePage(response, asked);
  await proveLength(response, size, asked);
}

function isRangeRight(
  response: Response,
  offset: number,
  size: number,
): boolean {
  return (
    header(response, "content-range")?.trim() ===
    `bytes ${offset}-${size - 1}/${size}`
  );
}

/** What follows the first `skip` bytes; the answer is let go however this ends. */
async function* after(
  response: Response,
  skip: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = skip;
  let isWhole = false;
  try {
    for await (const chunk of response.body) {
      if (left < chunk.byteLength) yield chunk.subarray(left);
      left = Math.max(0, left - chunk.byteLength);
    }
    isWhole = true;
  } finally {
    if (!isWhole) await response.discard();
  }
}

import type { Reach, Response } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, hasher } from "../../../oci/digest";
import { held } from "../../proven";
import { backOff, isPassing, pause } from "../pace/retry";
import { about, ask, unexpected, type Place } from "../place";
import { countHeader, header } from "../wire/message";
import { located, NoAnswer, stopped, type Asked } from "../wire/wireError";
import {
  digestMismatch,
  proveLength,
  refuseEncoding,
  refusePage,
  sizeMismatch,
} from "./content";

const maxTries = 6; // without a mebibyte between them (W75)
const progressBytes = 1024 * 1024;

/** Where a download stands. */
interface Progress {
  /** bytes that are handed out, or held back */
  offset: number;
  /** tries since the last mebibyte came (W75) */
  tries: number;
  lastOffset: number;
  /** a range was answered wrongly once: from then on the whole is asked for */
  whole: boolean;
}

/** One blob on its way here. */
interface Download {
  readonly blob: Descriptor;
  readonly progress: Progress;
  readonly asked: Asked;
}

/** A blob's bytes as they come. The chunk that completes it is held back until size and digest are proven (W72). */
export function openBlob(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const asked = about(place, "could not read the blob", blob.digest);
  const hash = hasher(algorithmOf(blob.digest));
  const progress = { offset: 0, tries: 0, lastOffset: 0, whole: false };
  return held(resumed(place, { blob, asked, progress }, reach), {
    size: blob.size,
    see: (chunk) => hash.update(chunk),
    prove: (count) => {
      if (count > blob.size)
        throw sizeMismatch(asked, blob.size, `at least ${count}`);
      const actual = hash.digest();
      if (actual !== blob.digest)
        throw digestMismatch(asked, blob.digest, actual);
    },
  });
}

/** All bytes that are described, over as many connections as it takes (W73–W75). */
async function* resumed(
  place: Place,
  download: Download,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { blob, progress } = download;
  do {
    try {
      yield* fromHere(place, download, reach);
    } catch (error) {
      await recover(error, { ...download, place }, reach);
    }
  } while (progress.offset < blob.size); // W74: never an empty range
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

/** What one answer has of the blob beyond what is here; the answer is let go however this ends. */
async function* fromHere(
  place: Place,
  download: Download,
  reach: Reach,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { progress } = download;
  const response = await getRest(place, download, reach);
  let skip = response.status === 206 ? 0 : progress.offset; // a 200 begins at 0: what is here already is read past (F02)
  let isWhole = false;
  try {
    for await (const chunk of response.body) {
      const fresh = skip === 0 ? chunk : chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.byteLength);
      progress.offset += fresh.byteLength;
      yield fresh;
    }
    isWhole = true;
  } finally {
    if (!isWhole) await response.discard();
  }
  proveEnd(response, download);
}

/** One GET from where we stand, at the registry and never at a CDN's signed address (W76). */
async function getRest(
  place: Place,
  download: Download,
  reach: Reach,
): Promise<Response> {
  const { blob, progress, asked } = download;
  let response = await get(place, download, reach);
  if (isRangeWrong(response, download)) {
    await response.discard();
    progress.whole = true;
    response = await get(place, download, reach); // W73
  }
  if (response.status !== 200 && response.status !== 206)
    throw await unexpected(place, response, asked);
  await refuseEncoding(response, asked);
  if (response.status === 200) await refuseLength(response, blob.size, asked);
  return response;
}

function get(
  place: Place,
  { blob, progress, asked }: Download,
  reach: Reach,
): Promise<Response> {
  const isResume = progress.offset > 0 && !progress.whole;
  const range: Readonly<Record<string, string>> = isResume
    ? { range: `bytes=${progress.offset}-` }
    : {};
  const headers = { "accept-encoding": "identity", ...range };
  const url = place.endpoints.blob(blob.digest);
  const request = { method: "GET", url, headers, inPassing: true } as const;
  return ask(place, { ...asked, request }, reach);
}

/** Another range than the one that was asked for, or none at all. */
function isRangeWrong(
  response: Response,
  { blob, progress }: Download,
): boolean {
  if (response.status === 416) return progress.offset > 0;
  if (response.status !== 206) return false;
  const wanted = `bytes ${progress.offset}-${blob.size - 1}/${blob.size}`;
  return header(response, "content-range")?.trim() !== wanted;
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

/** A body that announced no length may have been cut and look complete; one that did is as short as the server means it (F04). */
function proveEnd(
  response: Response,
  { blob, progress, asked }: Download,
): void {
  const { offset } = progress;
  if (offset >= blob.size) return;
  if (countHeader(response, "content-length") !== undefined)
    throw sizeMismatch(asked, blob.size, offset);
  throw new NoAnswer(
    {
      fault: "unreachable",
      code: "NETWORK",
      why: `the answer ended after ${offset} of ${blob.size} bytes`,
      remedy: "try again later",
      retryable: true,
    },
    asked,
  );
}

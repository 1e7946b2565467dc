import { MirrorError } from "../../../../mirror/errors";
import type { Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { about, ask, type Place } from "../../place";
import { header } from "../../wire/message";
import { sendBytes } from "./bytes";
import type { Attempt } from "./delivery";
import { confirm, final, refusedBytes, type Failure } from "./failure";
import { commitUrl, sessionOf, type Session } from "./location";
import { Unsent } from "./unsent";

const leastPieceBytes = 256 * 1024;
const mostPieceBytes = 64 * 1024 * 1024; // a piece is held in memory
const maxTakeUps = 5; // F31

/** Whether a body of so many bytes can be sent in smaller pieces. */
export function isDivisible(count: number): boolean {
  return count / 2 >= leastPieceBytes;
}

/** A blob on its way in pieces. */
interface PieceUpload extends Pick<Attempt, "blob" | "at"> {
  readonly bytes: Unsent;
  offset: number;
  takeUps: number;
}

/** The whole in PATCH requests, the last piece in the PUT that completes it (F28). `undefined` where the registry has it now. */
export async function putPieces(
  place: Place,
  { flow, blob, at }: Attempt,
  reach: Reach,
): Promise<Failure | undefined> {
  const { minPieceBytes } = at.session;
  if (minPieceBytes > mostPieceBytes) return tooLarge(place, blob, at.session);
  const bytes = new Unsent(flow.chunks);
  const upload = { blob, bytes, at, offset: 0, takeUps: 0 };
  for (;;) {
    const outcome = await putNext(place, upload, reach);
    if (outcome === "done") return undefined;
    if (outcome !== "more") return outcome;
  }
}

async function putNext(
  place: Place,
  upload: PieceUpload,
  reach: Reach,
): Promise<"done" | "more" | Failure> {
  const { blob, bytes, at, offset } = upload;
  const { minPieceBytes, location } = at.session;
  const wanted = Math.max(place.profile.pieceBytes, minPieceBytes);
  const body = (await bytes.fill(wanted)).subarray(0, wanted);
  const isLast = offset + body.byteLength === blob.size;
  const response = await sendBytes(
    place,
    {
      method: isLast ? "PUT" : "PATCH",
      url: isLast ? commitUrl(location, blob) : location,
      body,
      count: body.byteLength,
      offset,
      blob,
    },
    reach,
  );
  if (!isTaken(response, isLast))
    return pieceRefused(place, { response, upload, body }, reach);
  if (isLast) {
    await confirm(place, { response, blob }, reach);
    return "done";
  }
  place.profile.pieces = "offered";
  await goOn(place, { response, upload }, reach);
  advance(upload, body.byteLength);
  return "more";
}

function isTaken({ status }: Response, isLast: boolean): boolean {
  return status === 201 || status === 204 || (status === 202 && !isLast);
}

function advance(upload: PieceUpload, count: number): void {
  upload.offset += count;
  upload.bytes.drop(count);
}

/** Takes the newest Location over (W82). */
async function goOn(
  place: Place,
  {
    response,
    upload,
  }: { readonly response: Response; readonly upload: PieceUpload },
  reach: Reach,
): Promise<void> {
  const { at, blob } = upload;
  if (header(response, "location") === undefined) return response.discard();
  const asked = about(place, "could not write the blob", blob.digest);
  const { location } = await sessionOf(place, response, { asked, reach });
  at.session = { ...at.session, location };
}

/** Too large: smaller pieces from here on. A wrong range: from where the registry stands (W85). All else ends the session. */
async function pieceRefused(
  place: Place,
  refused: {
    readonly response: Response;
    readonly upload: PieceUpload;
    readonly body: Uint8Array;
  },
  reach: Reach,
): Promise<"more" | Failure> {
  const { response, upload, body } = refused;
  const { blob, at } = upload;
  const failure = await refusedBytes(
    place,
    { response, blob, isHeld: true },
    reach,
  );
  if (response.status === 405) return withoutPieces(place, blob);
  const isSmaller = (): boolean =>
    shrink(place, body.byteLength, at.session.minPieceBytes);
  if (response.status === 413) return isSmaller() ? "more" : failure;
  if (response.status !== 416 || upload.takeUps === maxTakeUps) return failure;
  upload.takeUps += 1;
  const stands = await whereItStands(place, upload, reach);
  const taken = stands === undefined ? -1 : stands - upload.offset;
  if (taken < 0 || taken > body.byteLength) return failure; // what lies before is not here any more
  if (taken === 0) isSmaller(); // F25
  advance(upload, taken);
  return "more";
}

/** Halves what goes into one piece, down to what the registry takes and what makes sense. */
function shrink(place: Place, refused: number, minBytes: number): boolean {
  const half = Math.floor(refused / 2);
  const smaller = Math.max(half, minBytes, leastPieceBytes);
  if (smaller >= refused) return false;
  place.profile.pieceBytes = Math.min(place.profile.pieceBytes, smaller);
  return true;
}

/** How many bytes the session has, by its own word (end-13). */
async function whereItStands(
  place: Place,
  upload: PieceUpload,
  reach: Reach,
): Promise<number | undefined> {
  const { location } = upload.at.session;
  const asked = about(place, "could not write the blob", upload.blob.digest);
  const request = { method: "GET", url: location, headers: {} } as const;
  const response = await ask(place, { ...asked, request }, reach);
  const isTold = [200, 202, 204].includes(response.status);
  const range = /^(?:bytes=)?0-(\d{1,15})$/.exec(
    header(response, "range") ?? "",
  );
  if (!isTold) await response.discard();
  else await goOn(place, { response, upload }, reach);
  if (!isTold || range?.[1] === undefined) return undefined;
  const end = Number(range[1]);
  return end === 0 ? 0 : end + 1; // `0-0` is what registries say of nothing
}

function withoutPieces(place: Place, blob: Descriptor): Failure {
  place.profile.pieces = "refused";
  return final(
    new MirrorError({
      ...about(place, "could not write the blob", blob.digest),
      fault: "exceeded",
      code: "LIMIT_EXCEEDED",
      why: `${blob.size} bytes at once are too many for the registry (413), and it takes no pieces (405)`,
      remedy: "raise the body limit of the registry or of the proxy before it",
    }),
  );
}

function tooLarge(place: Place, blob: Descriptor, session: Session): Failure {
  return final(
    new MirrorError({
      ...about(place, "could not write the blob", blob.digest),
      fault: "unsupported",
      code: "UNSUPPORTED",
      why: `the registry wants pieces of at least ${session.minPieceBytes} bytes, and at most ${mostPieceBytes} are held in memory`,
      remedy: "raise the body limit of the registry or of the proxy before it",
    }),
  );
}

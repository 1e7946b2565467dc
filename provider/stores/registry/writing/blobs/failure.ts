import { MirrorError } from "../../../../mirror/errors";
import type { Reach, Response } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { algorithmOf, isDigest } from "../../../../oci/digest";
import { isPassing, isTransient, retryAfterMs } from "../../pace/retry";
import { about, refuse, refusalOf, type Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import type { Refusal } from "../../wire/refusal";
import { header } from "../../wire/message";
import type { Asked } from "../../wire/wireError";

/** Why one attempt to write a blob came to nothing. */
export interface Failure {
  readonly error: unknown;
  /** Whether a new session may succeed, when this came for the `nth` time. */
  isWorthMore(nth: number): boolean;
  readonly status?: number;
  /** the source, and not this place, is to blame */
  readonly isSources?: true;
}

/** What a refusal of a blob's bytes means; those that were held were sent again already, if a login could help (W29). */
export async function refusedBytes(
  place: Place,
  refused: {
    readonly response: Response;
    readonly blob: Descriptor;
    readonly isHeld: boolean;
  },
  reach: Reach,
): Promise<Failure> {
  const { response, blob, isHeld } = refused;
  const isChallenged = header(response, "www-authenticate") !== undefined;
  const isFinal = response.status === 401 && isHeld && isChallenged;
  const refusal = await refusalOf(place, response);
  const asked = about(place, "could not write the blob", blob.digest);
  const waitMs = retryAfterMs(refusal.retryAfter, reach.now()) ?? 0; // the host's lane waits for it
  const error =
    otherBytes(refusal, { blob, asked }) ?? refuse(place, refusal, asked);
  return {
    error,
    status: refusal.status,
    isWorthMore: (nth) =>
      !isFinal &&
      error.code !== "QUOTA" &&
      error.code !== "UNSUPPORTED" &&
      waitMs <= place.patience.maxRetryAfterMs &&
      mayPass(refusal, nth),
  };
}

/** No answer came. */
export function unanswered(error: unknown): Failure {
  return { error, isWorthMore: (nth) => isPassing(error, nth) };
}

/** It would fail the same way again. */
export function final(error: MirrorError): Failure {
  return { error, isWorthMore: () => false };
}

const sessionCodes = /^(BLOB_UPLOAD_|DIGEST_INVALID|SIZE_INVALID)/;

/** The registry was down, forgot the session, lost bytes on the way, or the token ran out. */
function mayPass(refusal: Refusal, nth: number): boolean {
  const { status, complaints } = refusal;
  if (isTransient(status)) return true;
  if ([401, 413, 416].includes(status)) return nth < 2; // F13; and what gateways say now and then
  const isLost = complaints.some(({ code }) => sessionCodes.test(code));
  return isLost && (status === 404 || nth < 2);
}

const ofNothing = /e3b0c44298fc1c149afbf4c8996fb924/; // SHA-256 of no bytes

/** The registry got other bytes than those that were sent, or hashes them otherwise. */
function otherBytes(
  refusal: Refusal,
  { blob, asked }: { readonly blob: Descriptor; readonly asked: Asked },
): MirrorError | undefined {
  const isDigest = refusal.complaints.some(({ code }) =>
    /^(DIGEST|SIZE)_INVALID$/.test(code),
  );
  if (!isDigest) return undefined;
  if (algorithmOf(blob.digest) === "sha512")
    return new MirrorError({
      ...asked,
      fault: "unsupported",
      code: "UNSUPPORTED",
      why: `the registry does not take sha512: ${refusal.words}`,
      remedy: "choose a registry that does",
    }); // W87
  const got = ofNothing.test(refusal.words) ? "nothing of it" : "other bytes";
  return new MirrorError({
    ...asked,
    fault: "corrupt",
    code: "DIGEST_MISMATCH",
    why: `all of it was sent, and ${got} arrived: ${refusal.words}`,
    remedy:
      "check the proxy before the registry: it drops or changes what is sent", // F32
  });
}

/** A registry that stored it under another algorithm did not store what was asked (W87, N52). */
export async function confirm(
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

import { MirrorError } from "../../../../mirror/errors";
import type { Reach } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { backOff, pause } from "../../pace/retry";
import { about, type Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import { stopped } from "../../wire/wireError";
import { putWhole } from "./bytes";
import { openFlow, type Attempt, type Delivery } from "./delivery";
import { unanswered, type Failure } from "./failure";
import type { Session } from "./location";
import { isDivisible, putPieces } from "./pieces";
import { cancelSession, openSession } from "./session";

/** The whole blob in one session; what fails begins anew, with the source read again (W86). */
export async function upload(
  place: Place,
  delivery: Delivery & { readonly first?: Session | undefined },
  reach: Reach,
): Promise<void> {
  const { blob } = delivery;
  const onBytes = onlyFarther(delivery.onBytes);
  const nth = counting();
  for (let attempt = 1; ; attempt++) {
    const first = attempt === 1 ? delivery.first : undefined;
    const again = { ...delivery, first, onBytes: onBytes() };
    const failure = await tryOnce(place, again, reach);
    if (failure === undefined) return;
    if (failure.isSources === true) throw failure.error;
    if (await isHereAfterAll(place, blob, reach)) return;
    const isWorthMore =
      learnsToDivide(place, failure, blob) || failure.isWorthMore(nth(failure));
    if (attempt >= place.patience.tries || !isWorthMore) throw failure.error;
    await pause(backOff(attempt, place), reach.signal, place.clock);
  }
}

/** Counts what fails the same way; each new token may run out once (F13). */
function counting(): (failure: Failure) => number {
  const seen = new Map<number | undefined, number>();
  return ({ status }) => {
    const nth = (seen.get(status) ?? 0) + 1;
    seen.set(status, nth);
    if (status !== 401) seen.delete(401);
    return nth;
  };
}

/** Tells of bytes when they go over for the first time, however often they do. */
function onlyFarther(
  onBytes: (count: number) => void,
): () => (count: number) => void {
  let told = 0;
  return () => {
    let sent = 0;
    return (count) => {
      sent += count;
      if (sent <= told) return;
      onBytes(sent - told);
      told = sent;
    };
  };
}

/** One session from its beginning to its end; it is given up where it fails. */
async function tryOnce(
  place: Place,
  delivery: Delivery & { readonly first: Session | undefined },
  reach: Reach,
): Promise<Failure | undefined> {
  const { blob, first, isAbsent } = delivery;
  const flow = openFlow(delivery, reach);
  try {
    if (first === undefined && isAbsent) flow.begin(); // the source looks for it while the registry opens its session
    const session = first ?? (await openSession(place, blob, reach));
    const at = { session };
    const failure = await send(place, { flow, blob, at }, reach);
    if (failure === undefined) return undefined;
    await cancelSession(place, at.session, reach);
    if (!reach.signal.aborted) return failure;
    const asked = about(place, "could not write the blob", blob.digest);
    throw stopped(reach.signal, asked);
  } finally {
    flow.stop(); // W89: an answer may come long before the end
  }
}

/** `undefined` where the registry has it now. */
async function send(
  place: Place,
  attempt: Attempt,
  reach: Reach,
): Promise<Failure | undefined> {
  const { flow, blob, at } = attempt;
  const { maxBodyBytes, pieces } = place.profile;
  const isWhole = blob.size <= maxBodyBytes || pieces === "refused";
  let failure: Failure | undefined;
  try {
    failure = isWhole
      ? await putWhole(place, { flow, blob, session: at.session }, reach)
      : await putPieces(place, attempt, reach);
  } catch (error) {
    failure = unanswered(error);
  }
  const sources = failure && flow.failure();
  return sources
    ? { error: sources.error, isSources: true, isWorthMore: () => false }
    : failure;
}

/** A body that is too large for a proxy goes in pieces from now on, to this host (F29). */
function learnsToDivide(
  { profile }: Place,
  { status, error }: Failure,
  blob: Descriptor,
): boolean {
  const isQuota = error instanceof MirrorError && error.code === "QUOTA";
  if (status !== 413 || isQuota || profile.pieces === "refused") return false;
  if (blob.size > profile.maxBodyBytes || !isDivisible(blob.size)) return false; // these were pieces already
  profile.maxBodyBytes = blob.size - 1;
  return true;
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

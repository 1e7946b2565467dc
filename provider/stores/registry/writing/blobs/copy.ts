import type { Reach } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import { collect, streamOf } from "../../../collect";
import type { Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import { postWhole, smallBytes } from "./bytes";
import type { Delivery } from "./delivery";
import { mountFromOthers, mountSelf, registryOf } from "./mounts";
import { cancelSession, type MountAnswer } from "./session";
import { upload } from "./upload";

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
    () => inTurn(place, delivery, reach),
  );
  return isOwn ? value : 0;
}

/** Of several repositories that want the same blob at the same time, one brings it, and the others mount it from there. */
async function inTurn(
  place: Place,
  delivery: Delivery,
  reach: Reach,
): Promise<number> {
  const { mount } = place.profile;
  if (mount === "later" || mount === "refused")
    return bring(place, delivery, reach);
  const { keyring } = place.gate;
  const credential = await keyring.credential(place.repository, reach);
  const { digest } = delivery.blob;
  const lane = JSON.stringify([registryOf(place), credential?.id, digest]);
  let isFirst = false;
  const first = (): Promise<number> => {
    isFirst = true;
    return bring(place, delivery, reach);
  };
  try {
    const { uploads } = place.holdings;
    const { value } = await uploads.join(lane, reach.signal, first);
    if (isFirst) return value;
  } catch (error) {
    if (isFirst || reach.signal.aborted) throw error; // else it failed for another repository
  }
  return bring(place, delivery, reach);
}

/** Brings a blob again that the registry took and does not have. */
export async function bringAgain(
  place: Place,
  blob: Descriptor,
  reach: Reach,
): Promise<void> {
  const supply = place.brought.blob(place.repository, blob.digest);
  if (supply === undefined) return;
  const again = { ...supply, onBytes: () => undefined, isAbsent: true };
  await uploadInTurn(place, again, reach);
}

/** where mounts are not known to work, a question costs less than these bytes sent again */
const worthAskingBytes = 1024 * 1024;

async function bring(
  place: Place,
  delivery: Delivery,
  reach: Reach,
): Promise<number> {
  const { blob, isAbsent } = delivery;
  const { profile, holdings } = place;
  const opening = await withoutBytes(place, delivery, reach);
  if (opening?.kind !== "here") {
    const asksItself = !isAbsent && profile.mountSelf !== "refused";
    const isRefused = opening === undefined && asksItself;
    await send(place, { ...delivery, opening }, reach);
    if (isRefused) profile.mountSelf = "refused"; // the plain way was open
  }
  holdings.add(place.repository, blob.digest);
  place.brought.addBlob(place.repository, delivery);
  return opening?.kind === "here" ? 0 : blob.size;
}

/** What is had without sending a byte: the blob itself, or a session to go on in. */
async function withoutBytes(
  place: Place,
  delivery: Delivery,
  reach: Reach,
): Promise<MountAnswer | undefined> {
  const { profile } = place;
  const { blob, isAbsent } = delivery;
  const mounted = await mountFromOthers(place, delivery, reach);
  if (mounted || isAbsent) return mounted;
  const opening =
    profile.mountSelf === "refused"
      ? undefined
      : await mountSelf(place, delivery, reach);
  const isAnswered =
    opening?.kind === "here" || profile.mountSelf === "offered";
  if (isAnswered || blob.size < worthAskingBytes) return opening;
  if (!(await hasBlob(place, blob, reach))) return opening;
  if (opening) await cancelSession(place, opening.session, reach);
  return { kind: "here" };
}

async function send(
  place: Place,
  delivery: Delivery & { readonly opening: MountAnswer | undefined },
  reach: Reach,
): Promise<void> {
  const { opening, blob, isAbsent } = delivery;
  const { singlePost } = place.profile;
  const mayPost = singlePost === "unknown" || singlePost === "offered";
  if (!opening && isAbsent && blob.size <= smallBytes && mayPost)
    return sendSmall(place, delivery, reach);
  const first = opening?.kind === "session" ? opening.session : undefined;
  return uploadInTurn(place, { ...delivery, first }, reach);
}

function uploadInTurn(
  place: Place,
  delivery: Parameters<typeof upload>[1],
  reach: Reach,
): Promise<void> {
  const whole = (): Promise<void> => upload(place, delivery, reach);
  const isSmall = delivery.blob.size <= smallBytes;
  return isSmall ? whole() : place.lane.flow(reach, whole);
}

/** In one request where the registry takes that; the first time, its word is not enough. */
async function sendSmall(
  place: Place,
  delivery: Delivery,
  reach: Reach,
): Promise<void> {
  const { source, blob, onBytes } = delivery;
  const { profile } = place;
  const isFirst = profile.singlePost === "unknown";
  if (isFirst) profile.singlePost = "asking";
  let taken: Awaited<ReturnType<typeof postWhole>>;
  let isHere = false;
  const bytes = await collect(source.open(blob, reach));
  try {
    taken = await postWhole(place, { blob, bytes }, reach);
    isHere =
      taken === "done" && (!isFirst || (await hasBlob(place, blob, reach)));
  } finally {
    if (isFirst) profile.singlePost = isHere ? "offered" : "refused";
  }
  if (isHere) return onBytes(bytes.byteLength);
  const first = taken === "done" ? undefined : taken;
  const kept = { ...source, open: () => streamOf(bytes) };
  return upload(place, { ...delivery, source: kept, first }, reach);
}

import { MirrorError } from "../../../../mirror/errors";
import type { Reach } from "../../../../mirror/ports";
import type { Descriptor } from "../../../../oci/descriptor";
import type { Place } from "../../place";
import { hasBlob } from "../../reading/blobs";
import type { Delivery } from "./delivery";
import { mount, type MountAnswer } from "./session";

const maxMounts = 2; // a third answer would be the same, and each costs a request

/** The registry's part of the name under which a place is known. */
export function registryOf(place: Place): string {
  return place.repository.slice(0, -place.endpoints.name.length);
}

/** Tries the repositories that are known to have the blob; a mount that fails never fails the copy (W90–W92). */
export async function mountFromOthers(
  place: Place,
  { source, blob }: Delivery,
  reach: Reach,
): Promise<MountAnswer | undefined> {
  const known = place.holdings.repositoriesWith(blob.digest);
  const others = [...new Set([...known, source.repository])];
  let tries = 0;
  for (const repository of others) {
    if (tries === maxMounts || place.profile.mount === "refused") break;
    if (!(await isMountable(place, repository, reach))) continue;
    tries += 1;
    const from = repository.slice(registryOf(place).length);
    const opening = await tryMount(place, { blob, from }, reach);
    if (known.includes(repository)) learn(place, opening);
    if (opening && (await isTrue(place, { opening, blob }, reach)))
      return opening;
  }
  return undefined;
}

/** A session can be used; that it was mounted is confirmed (W91). */
async function isTrue(
  place: Place,
  told: { readonly opening: MountAnswer; readonly blob: Descriptor },
  reach: Reach,
): Promise<boolean> {
  return (
    told.opening.kind === "session" || (await hasBlob(place, told.blob, reach))
  );
}

/** What a registry does with a blob that it certainly has. */
function learn({ profile }: Place, opening: MountAnswer | undefined): void {
  if (opening?.kind === "here") profile.mount = "offered";
  else if (profile.mount !== "offered")
    profile.mount = opening === undefined ? "refused" : "later";
}

/** Asks for the blob from the very repository: whether it is there, and if not the session, in one request. */
export async function mountSelf(
  place: Place,
  { blob }: Delivery,
  reach: Reach,
): Promise<MountAnswer | undefined> {
  const { profile, endpoints } = place;
  const opening = await tryMount(place, { blob, from: endpoints.name }, reach);
  if (opening?.kind !== "here" || profile.mountSelf === "offered")
    return opening;
  const isHere = await hasBlob(place, blob, reach); // a host that gives what it does not have is found out once
  profile.mountSelf = isHere ? "offered" : "refused";
  return isHere ? opening : undefined;
}

async function tryMount(
  place: Place,
  wish: Parameters<typeof mount>[1],
  reach: Reach,
): Promise<MountAnswer | undefined> {
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

/** The same registry, seen with the very same credential (W90, N54). */
async function isMountable(
  place: Place,
  repository: string,
  reach: Reach,
): Promise<boolean> {
  const isOther = repository !== place.repository;
  if (!isOther || !repository.startsWith(registryOf(place))) return false;
  const { keyring } = place.gate;
  const ours = await keyring.credential(place.repository, reach);
  const theirs = await keyring.credential(repository, reach);
  return ours?.id === theirs?.id;
}

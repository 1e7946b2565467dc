import type { Reach } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { pause } from "../pace/retry";
import type { Place } from "../place";
import { resolveManifest } from "./manifests";

const laterMs = 2000;

/** What a tag or digest names. Absent only where a second look, two seconds later, says so too (§1.8). */
export async function resolveTwice(
  place: Place,
  tagOrDigest: string,
  reach: Reach,
): Promise<Descriptor | undefined> {
  const found = await resolveManifest(place, tagOrDigest, reach);
  if (found !== undefined) return found;
  reach.notice?.({
    kind: "waiting",
    text: `${place.endpoints.host} says that ${place.repository}:${tagOrDigest} is gone; looking again in 2 s`,
  });
  await pause(laterMs, reach.signal, place.clock);
  return resolveManifest(place, tagOrDigest, reach);
}

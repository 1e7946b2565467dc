import { MirrorError } from "../../../../mirror/errors";
import type { Node, Reach } from "../../../../mirror/ports";
import { referrersTag, type Digest } from "../../../../oci/digest";
import { describeReferrer } from "../../../describeReferrer";
import { backOff, pause } from "../../pace/retry";
import { about, type Place } from "../../place";
import type { Turn } from "../../memory/machineLock";
import { readListed, writeListed, type Listed } from "./fallbackIndex";

const maxRounds = 5;

/** The turn at a subject's fallback tag. */
export function turnAt(place: Place, subject: Digest, reach: Reach): Turn {
  return {
    ...about(place, "could not write the list of referrers", subject),
    key: `${place.repository}@${subject}`,
    signal: reach.signal,
  };
}

/** Puts a referrer into its subject's fallback tag: read, merge, write, and read again until it is there (W106–W108). */
export async function addToFallbackTag(
  place: Place,
  entry: { readonly subject: Digest; readonly node: Node },
  reach: Reach,
): Promise<void> {
  const { subject, node } = entry;
  const isListed = ({ manifests }: Listed): boolean =>
    manifests.some(({ digest }) => digest === node.descriptor.digest);
  await settle(place, subject, {
    reach,
    change: (listed) =>
      isListed(listed)
        ? undefined
        : {
            ...listed,
            manifests: [
              ...listed.manifests,
              describeReferrer(node.descriptor, node.manifest),
            ],
          },
  });
}

/** Takes a referrer out of its subject's fallback tag. */
export async function removeFromFallbackTag(
  place: Place,
  gone: { readonly subject: Digest; readonly digest: Digest },
  reach: Reach,
): Promise<void> {
  await settle(place, gone.subject, {
    reach,
    change: (listed) => {
      const manifests = listed.manifests.filter(
        ({ digest }) => digest !== gone.digest,
      );
      return manifests.length < listed.manifests.length
        ? { ...listed, manifests }
        : undefined;
    },
  });
}

/** Reads, changes and writes until nothing is left to change; others may write at the same time, and few registries compare. */
async function settle(
  place: Place,
  subject: Digest,
  by: {
    readonly reach: Reach;
    /** the list as it should be; `undefined` where it is */
    readonly change: (listed: Listed) => Listed | undefined;
  },
): Promise<void> {
  const { reach, change } = by;
  for (let round = 0; round <= maxRounds; round++) {
    const wanted = change(await readListed(place, subject, reach));
    if (wanted === undefined) return;
    if (round === maxRounds) break;
    if (round > 0)
      await pause(backOff(round, place), reach.signal, place.clock);
    await writeListed(place, { ...wanted, subject }, reach);
  }
  throw new MirrorError({
    ...about(place, "could not list a referrer", subject),
    fault: "conflict",
    code: "TAG_MOVED",
    why: `somebody else keeps writing the tag ${referrersTag(subject)}`,
    remedy: "run it again when nobody else writes there",
  });
}

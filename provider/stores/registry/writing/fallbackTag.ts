import { MirrorError } from "../../../mirror/errors";
import type { Node, Reach, Request } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { referrersTag, type Digest } from "../../../oci/digest";
import { mediaTypes } from "../../../oci/mediaType";
import { describeReferrer } from "../../describeReferrer";
import { about, ask, unexpected, type Place } from "../place";
import { referrersByTag } from "../reading/referrers";
import { backOff, pause } from "../pace/retry";

const maxRounds = 5;

/** Puts a referrer into its subject's fallback tag: read, merge, write, and read again until it is there (W106–W108). */
export async function addToFallbackTag(
  place: Place,
  entry: { readonly subject: Digest; readonly node: Node },
  reach: Reach,
): Promise<void> {
  const { subject, node } = entry;
  for (let round = 1; round <= maxRounds; round++) {
    const listed = (await referrersByTag(place, subject, reach)) ?? [];
    if (listed.some(({ digest }) => digest === node.descriptor.digest)) return;
    await writeIndex(
      place,
      {
        subject,
        manifests: [
          ...listed,
          describeReferrer(node.descriptor, node.manifest),
        ],
      },
      reach,
    );
    const reread = (await referrersByTag(place, subject, reach)) ?? [];
    if (reread.some(({ digest }) => digest === node.descriptor.digest)) return;
    await pause(backOff(round, place), reach.signal, place.clock);
  }
  throw new MirrorError({
    ...about(place, "could not list a referrer", subject),
    fault: "conflict",
    code: "TAG_MOVED",
    why: `somebody else keeps writing the tag ${referrersTag(subject)}`,
    remedy: "run it again when nobody else writes there",
  });
}

/** Takes a referrer out of its subject's fallback tag. */
export async function removeFromFallbackTag(
  place: Place,
  gone: { readonly subject: Digest; readonly digest: Digest },
  reach: Reach,
): Promise<void> {
  const listed = (await referrersByTag(place, gone.subject, reach)) ?? [];
  const manifests = listed.filter(({ digest }) => digest !== gone.digest);
  if (manifests.length < listed.length)
    await writeIndex(place, { subject: gone.subject, manifests }, reach);
}

async function writeIndex(
  place: Place,
  index: {
    readonly subject: Digest;
    readonly manifests: readonly Descriptor[];
  },
  reach: Reach,
): Promise<void> {
  const tag = referrersTag(index.subject);
  const asked = about(place, "could not write the fallback tag", tag);
  const manifests = index.manifests.map(toJson);
  const body = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests,
    }),
  );
  const request: Request = {
    method: "PUT",
    url: place.endpoints.manifest(tag),
    headers: {
      "content-type": mediaTypes.ociIndex,
      "content-length": String(body.byteLength),
    },
    body,
  };
  const response = await ask(place, { ...asked, request }, reach);
  if (response.status !== 201) throw await unexpected(place, response, asked);
  await response.discard();
}

function toJson(descriptor: Descriptor): Readonly<Record<string, unknown>> {
  const { data, platform, ...plain } = descriptor;
  return {
    ...plain,
    ...(platform === undefined ? {} : { platform: platformToJson(platform) }),
    ...(data === undefined
      ? {}
      : { data: Buffer.from(data).toString("base64") }),
  };
}

function platformToJson({
  osVersion,
  ...platform
}: NonNullable<Descriptor["platform"]>): Readonly<Record<string, unknown>> {
  return osVersion === undefined
    ? platform
    : { ...platform, "os.version": osVersion };
}

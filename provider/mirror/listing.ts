import type { Descriptor } from "../oci/descriptor";
import { cosignTag, digestOf, type Digest } from "../oci/digest";
import { MirrorError } from "./errors";
import type { Reach, Source, Via } from "./ports";

/** One manifest that a place names as evidence about a subject; not read yet, so not proven. */
export interface Listed {
  readonly via: Via;
  readonly descriptor: Descriptor;
  /** the legacy cosign tag that names it */
  readonly tag?: string;
  /** what the tag served, where that was asked for */
  readonly bytes?: Uint8Array;
  readonly from: Source;
}

/** How deep evidence about evidence is followed (registry.md W109). */
export const maxEvidenceDepth = 3;

const legacy = ["sig", "att", "sbom"] as const;

/** How a place may name evidence about something. */
export type Way = "referrer" | (typeof legacy)[number];

const everyWay: readonly Way[] = ["referrer", ...legacy];

/** A node whose evidence is looked for. */
export interface Subject {
  readonly digest: Digest;
  /** what is asked: cosign's tags can name content, and an SBOM that hangs on such a tag; other evidence only has referrers */
  readonly ways: readonly Way[];
}

/** The content of an artifact as a subject, or evidence that was found in a certain way. */
export function subjectOf(digest: Digest, via?: Via): Subject {
  const isTagged = via === undefined || via === "sbom";
  return { digest, ways: isTagged ? everyWay : ["referrer"] };
}

/** How a listing is asked for. */
export interface Asking {
  readonly reach: Reach;
  /** whether what the tags name will be read: then the same request brings it */
  readonly toRead: boolean;
}

/** What a place names as evidence about one subject. */
export interface Listing {
  readonly listed: readonly Listed[];
  /** why referrers are not in it, where the place denies their list: then nothing may be taken for absent */
  readonly denied?: MirrorError;
}

/**
 * Everything a place names as evidence about one subject: its referrers (API or fallback tag) and cosign's `.sig` `.att` `.sbom` tags.
 * Complete but for a denied list of referrers, or it throws. Costs one referrers listing and one request a tag.
 */
export async function listEvidence(
  from: Source,
  { digest, ways }: Subject,
  asking: Asking,
): Promise<Listing> {
  const kinds = legacy.filter((kind) => ways.includes(kind));
  const [referrers, ...tagged] = await Promise.all([
    ways.includes("referrer")
      ? listReferrers(from, digest, asking.reach)
      : { listed: [] },
    ...kinds.map((kind) => listTag({ from, subject: digest, kind }, asking)),
  ]);
  return { ...referrers, listed: [...referrers.listed, ...tagged.flat()] };
}

async function listReferrers(
  from: Source,
  subject: Digest,
  reach: Reach,
): Promise<Listing> {
  try {
    const referrers = await from.referrers(subject, reach);
    return {
      listed: referrers.map((descriptor) => ({
        via: "referrer",
        descriptor,
        from,
      })),
    };
  } catch (error) {
    const isDenied = error instanceof MirrorError && error.fault === "denied";
    if (isDenied) return { listed: [], denied: error };
    throw error;
  }
}

async function listTag(
  asked: {
    readonly from: Source;
    readonly subject: Digest;
    readonly kind: (typeof legacy)[number];
  },
  { reach, toRead }: Asking,
): Promise<Listed[]> {
  const { from, kind } = asked;
  const tag = cosignTag(asked.subject, kind);
  const found = await (toRead ? fetchOrName : nameOnly)(from, tag, reach);
  return found ? [{ via: kind, tag, from, ...found }] : [];
}

type Found = Pick<Listed, "descriptor" | "bytes">;

async function nameOnly(
  from: Source,
  tag: string,
  reach: Reach,
): Promise<Found | undefined> {
  const descriptor = await from.resolve(tag, reach, "absent");
  return descriptor && { descriptor };
}

/** What cannot be read is named all the same: the reader decides whether it may be set aside. */
async function fetchOrName(
  from: Source,
  tag: string,
  reach: Reach,
): Promise<Found | undefined> {
  try {
    return await from.fetch(tag, reach);
  } catch (error) {
    const { fault } = error instanceof MirrorError ? error : {};
    if (fault !== "exceeded" && fault !== "unsupported") throw error;
    return nameOnly(from, tag, reach);
  }
}

/** A fixed-size name for a set of listings; equal exactly when the same manifests are listed in the same ways. */
export function listingDigest(listed: readonly Listed[]): Digest {
  const lines = listed.map(
    ({ via, descriptor }) => `${via} ${descriptor.digest}`,
  );
  return digestOf(Buffer.from([...new Set(lines)].sort().join("\n")));
}

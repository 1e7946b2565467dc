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
  readonly from: Source;
}

/** How deep evidence about evidence is followed (registry.md W109). */
export const maxEvidenceDepth = 3;

const legacy = ["sig", "att", "sbom"] as const;

/** A node whose evidence is looked for. */
export interface Subject {
  readonly digest: Digest;
  /** whether cosign's tags can name it: content can, and an SBOM that hangs on such a tag; other evidence only has referrers */
  readonly isTagged: boolean;
}

/** The content of an artifact as a subject, or evidence that was found in a certain way. */
export function subjectOf(digest: Digest, via?: Via): Subject {
  return { digest, isTagged: via === undefined || via === "sbom" };
}

/** What a place names as evidence about one subject. */
export interface Listing {
  readonly listed: readonly Listed[];
  /** why referrers are not in it, where the place denies their list: then nothing may be taken for absent */
  readonly denied?: MirrorError;
}

/**
 * Everything a place names as evidence about one subject: its referrers (API or fallback tag) and cosign's `.sig` `.att` `.sbom` tags.
 * Complete but for a denied list of referrers, or it throws. Costs one referrers listing and three HEADs.
 */
export async function listEvidence(
  from: Source,
  { digest, isTagged }: Subject,
  reach: Reach,
): Promise<Listing> {
  const kinds = isTagged ? legacy : [];
  const [referrers, ...tagged] = await Promise.all([
    listReferrers(from, digest, reach),
    ...kinds.map((kind) => listTag({ from, subject: digest, kind }, reach)),
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
  reach: Reach,
): Promise<Listed[]> {
  const tag = cosignTag(asked.subject, asked.kind);
  const descriptor = await asked.from.resolve(tag, reach);
  return descriptor
    ? [{ via: asked.kind, descriptor, tag, from: asked.from }]
    : [];
}

/** A fixed-size name for a set of listings; equal exactly when the same manifests are listed in the same ways. */
export function listingDigest(listed: readonly Listed[]): Digest {
  const lines = listed.map(
    ({ via, descriptor }) => `${via} ${descriptor.digest}`,
  );
  return digestOf(Buffer.from([...new Set(lines)].sort().join("\n")));
}

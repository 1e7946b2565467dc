import type { Held, Listing } from "../../memory";
import { standingOf, waitingText } from "../../mirroring/age/standing";
import type { Inputs } from "../inputs";
import { prunable } from "./prunable";
import { selectionOf } from "./selection";
import { sourceTags } from "./sourceTags";

/** What the rules are, and what is known about both sides. */
export interface Known {
  readonly given: Pick<
    Inputs,
    "tags" | "rename" | "replaceTag" | "prune" | "onRefused"
  >;
  readonly listing: Listing & { readonly source: readonly string[] };
  /** the user's own */
  readonly pins: ReadonlyMap<string, string>;
  /** as checked the last time */
  readonly olds: ReadonlyMap<string, string>;
  /** absent where the policy is not known yet */
  readonly policyDigest: string | undefined;
  readonly now: Date;
}

/** Tag at the destination → digest that it is to name, and what is too young for it, in words. */
export interface Wanted {
  readonly digests: ReadonlyMap<string, string>;
  readonly waiting: readonly string[];
  /** mirrored tags that are to follow the source, and nobody has asked where to */
  readonly unasked: ReadonlySet<string>;
}

/** Pure: what a repository is to hold, by its rules as they are now and what the last look saw. */
export function wantedDigests(known: Known): Wanted {
  const { given, listing, olds, pins } = known;
  const { source, mirrored, gone } = listing;
  const { chosen } = selectionOf({ given }, listing);
  // what is not chosen any more stays while it is mirrored; what never came in, or is gone, does not
  const kept = [...olds.keys()].filter(
    (tag) => mirrored.has(tag) && (!gone.has(tag) || chosen.has(tag)),
  );
  const meant = [...new Set([...kept, ...chosen.keys()])]
    .filter((tag) => !pins.has(tag))
    .map(meantBy(known, chosen));
  const digests = new Map<string, string>();
  for (const { tag, digest } of meant)
    if (digest !== undefined) digests.set(tag, digest);
  for (const [tag, digest] of pins) digests.set(tag, digest);
  const going = prunable(given, {
    mirrored: kept,
    source,
    chosen,
    isPinned: (tag) => pins.has(tag),
    isComing: (tag) => digests.has(tag),
  });
  for (const tag of going) digests.delete(tag);
  return {
    digests,
    waiting: meant.flatMap(({ tag, why }) => (why ? [`${tag}: ${why}`] : [])),
    unasked: new Set(
      meant.flatMap(({ tag, isUnasked }) => (isUnasked ? [tag] : [])),
    ),
  };
}

interface Meant {
  readonly tag: string;
  readonly digest: string | undefined;
  /** why it waits */
  readonly why?: string;
  readonly isUnasked: boolean;
}

function meantBy(
  known: Known,
  chosen: ReadonlyMap<string, string>,
): (tag: string) => Meant {
  const { given, listing } = known;
  const follows = given.replaceTag === "verified";
  const names = follows ? sourceTags(given, listing.source, chosen) : chosen;
  return (tag) => {
    const name = names.get(tag);
    const seen = name === undefined ? undefined : listing.digests.get(name);
    const isUnasked = follows && name !== undefined && seen === undefined;
    return { tag, ...digestOf(known, tag, { seen }), isUnasked };
  };
}

/** What a tag is to name: what it named when it was mirrored or, if it is new or follows, what the source names now. */
function digestOf(
  known: Known,
  tag: string,
  { seen }: { readonly seen: string | undefined },
): { readonly digest: string | undefined; readonly why?: string } {
  const { given, listing, olds } = known;
  const old = olds.get(tag);
  const isMirrored = listing.mirrored.has(tag);
  if (isMirrored && given.replaceTag !== "verified") return { digest: old };
  const former = isMirrored ? old : undefined;
  const now = seen ?? old;
  if (now === undefined || now === former) return { digest: former };
  if (isHeld(known, listing.held.get(tag), now)) return { digest: former };
  const why = ageOf(known, tag, now);
  return why === undefined ? { digest: now } : { digest: former, why };
}

/** Whether asking again would be answered as before. */
function isHeld(
  { given, policyDigest }: Known,
  held: Held | undefined,
  digest: string,
): boolean {
  if (held?.digest !== digest) return false;
  if (held.why === "occupied") return given.replaceTag !== "verified";
  const isSamePolicy =
    policyDigest !== undefined && held.policyDigest === policyDigest;
  return given.onRefused === "keep" && isSamePolicy;
}

/** Why a digest is too young, where it is. */
function ageOf(
  { given, listing, now }: Known,
  tag: string,
  digest: string,
): string | undefined {
  const { minAge } = given.tags;
  if (minAge === undefined) return undefined;
  const seen = listing.candidates.get(tag);
  const candidate = seen?.digest === digest ? seen : undefined;
  const standing = standingOf(minAge, candidate, now);
  if (standing.outcome === "waits" && candidate)
    return waitingText(minAge, candidate, standing.until);
  const isUnseen = standing.outcome === "unknown" && minAge.by === "firstSeen";
  return isUnseen ? "was not seen before" : undefined;
}

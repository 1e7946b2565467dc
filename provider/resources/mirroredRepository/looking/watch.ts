import { parseDigest } from "../../../oci/digest";
import { mapBounded } from "../../../mirror/bounded";
import { durationMs } from "../../../mirror/duration";
import type { Call } from "../../../mirror/lifecycle";
import {
  listEvidence,
  listingDigest,
  subjectOf,
} from "../../../mirror/listing";
import { shortDigest } from "../../../mirror/observe";
import type { Reach, Source } from "../../../mirror/ports";
import { within } from "../../../mirror/reach";
import { placesOf } from "../../judging/assess";
import type { Held } from "../../memory";
import type { World } from "../../world";
import type { Intent } from "../intent";
import type { Learned } from "./learn";
import type { Outputs, TagVerdict } from "../outputs";
import { noteSilence, silenceOf } from "./silence";

const lookMs = 10_000;
const asksAtOnce = 8;

interface Looked {
  readonly intent: Intent;
  readonly former: Outputs;
  readonly learned: Learned;
}

/** What need not be asked for again, and what has to be judged again though nothing moved. */
export async function watch(
  world: World,
  call: Call,
  looked: Looked,
): Promise<{
  readonly held: ReadonlyMap<string, Held>;
  readonly pending: Outputs["pending"];
}> {
  const { intent } = looked;
  const refusals = unmovedRefusals(looked);
  const verdicts =
    intent.evidence.watch === "none" ? [] : watchedVerdicts(looked);
  const changed = await changedAmong(world, call, {
    intent,
    tags: [...refusals, ...verdicts],
  });
  return {
    held: heldBack(looked, refusals, changed),
    pending: toJudgeAgain(looked, {
      changed: verdicts.filter(({ tag }) => changed.has(tag)),
      now: call.reach.now(),
    }),
  };
}

function heldBack(
  { former, learned }: Looked,
  refusals: readonly Listed[],
  changed: ReadonlySet<string>,
): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const [tag, digest] of learned.foreign) {
    const now = learned.atSource.get(tag);
    if (now !== undefined && now !== digest)
      held.set(tag, { why: "occupied", digest: now });
  }
  const { policyDigest } = former;
  for (const { tag, digest } of refusals)
    if (!changed.has(tag))
      held.set(tag, { why: "refused", digest, policyDigest });
  return held;
}

/** What an up has not done yet stays, too. */
function toJudgeAgain(
  { intent, former, learned }: Looked,
  at: { readonly changed: readonly Listed[]; readonly now: Date },
): Outputs["pending"] {
  const pending = new Map(Object.entries(former.pending));
  for (const { tag } of at.changed)
    pending.set(tag, "the source lists other evidence than before");
  for (const [tag, verdict] of Object.entries(former.verdicts)) {
    const why = staleness(verdict, intent.given.reverify, at.now);
    const isThere = Object.hasOwn(learned.digests, tag);
    if (why !== undefined && isThere) pending.set(tag, why);
  }
  return Object.fromEntries(pending);
}

/** One digest about which the source listed evidence, as it stood then. */
interface Listed {
  readonly tag: string;
  readonly digest: string;
  readonly listed: string;
}

/** `onRefused: "keep"`: a refusal of what the source still names is repeated only when there is other evidence. */
function unmovedRefusals({ intent, former, learned }: Looked): Listed[] {
  if (intent.given.onRefused !== "keep") return [];
  return Object.entries(former.refused ?? {}).flatMap(
    ([tag, { digest, listed }]) => {
      const isSame = learned.atSource.get(tag) === digest;
      return isSame && listed !== undefined ? [{ tag, digest, listed }] : [];
    },
  );
}

function watchedVerdicts({ former, learned }: Looked): Listed[] {
  return Object.entries(former.verdicts).flatMap(
    ([tag, { digest, listed }]) => {
      const isThere = Object.hasOwn(learned.digests, tag);
      return isThere && listed !== undefined ? [{ tag, digest, listed }] : [];
    },
  );
}

/** The tags about which the source lists other evidence than then. What could not be asked has not changed. */
async function changedAmong(
  world: World,
  call: Call,
  {
    intent,
    tags,
  }: { readonly intent: Intent; readonly tags: readonly Listed[] },
): Promise<ReadonlySet<string>> {
  const { source, evidence } = intent;
  const place = world.stores.open(source, "source");
  const places = placesOf(world, place, evidence.repositories);
  const changed = new Set<string>();
  await mapBounded(tags, asksAtOnce, async ({ tag, digest, listed }) => {
    if (silenceOf(world, source) !== undefined) return;
    try {
      const reach = within(call.reach, lookMs);
      if ((await listingOf(places, digest, reach)) !== listed) changed.add(tag);
    } catch (error) {
      noteSilence(world, call, { source, error });
    }
  });
  return changed;
}

/** What is listed about a digest, in short, as state keeps it. */
async function listingOf(
  places: readonly Source[],
  digest: string,
  reach: Reach,
): Promise<string> {
  const subject = subjectOf(parseDigest(digest));
  const listings = await Promise.all(
    places.map((place) =>
      listEvidence(place, subject, { reach, toRead: false }),
    ),
  );
  const denied = listings.find((one) => one.denied)?.denied;
  if (denied) throw denied; // what could not be asked is not gone
  return shortDigest(listingDigest(listings.flatMap(({ listed }) => listed)));
}

/** Why a verdict has to be made again because time has passed, if it has. */
function staleness(
  { validUntil, verifiedAt }: TagVerdict,
  reverify: string | undefined,
  now: Date,
): string | undefined {
  if (validUntil !== undefined && now >= new Date(validUntil))
    return `what satisfied the policy was valid until ${validUntil}`;
  if (reverify === undefined) return undefined;
  const ageMs = now.getTime() - new Date(verifiedAt).getTime();
  return ageMs > durationMs(reverify)
    ? `judged ${verifiedAt}, and reverify is ${reverify}`
    : undefined;
}

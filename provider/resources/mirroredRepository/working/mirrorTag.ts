import { isDigest, type Digest } from "../../../oci/digest";
import { isAbsent, MirrorError } from "../../../mirror/errors";
import { listingDigest } from "../../../mirror/listing";
import { shortDigest } from "../../../mirror/observe";
import type { Plan } from "../../../mirror/plan";
import type { Verdict } from "../../../mirror/ports";
import { remediesFor } from "../../../mirror/remedies";
import { resolve } from "../../../mirror/resolve";
import { outcomeOf, type Admitted } from "../../../mirror/verify";
import { warningsOf } from "../../judging/warnings";
import { copy } from "../../mirroring/copy";
import {
  judge,
  prove,
  type Examined,
  type Judgement,
} from "../../mirroring/examine";
import { judgeAge } from "../../mirroring/age/judgeAge";
import { planAt } from "../../mirroring/planAt";
import type { Wish } from "../../mirroring/wish";
import { wishFor, writtenAs } from "../intent";
import { arrivalOf, partsOf, type Outcome } from "./outcome";
import { reasonOf, refusalOf, verdictOf, watchedListing } from "./tagRecord";
import type { Task } from "./task";
import { cameInBefore, candidateOf, withoutAsking } from "./withoutAsking";
import type { Workshop } from "./workshop";

/** One tag under work, and what is known of it by now. */
interface Piece {
  readonly shop: Workshop;
  readonly task: Task;
  readonly wish: Wish;
  readonly digest: Digest;
  /** what the tag names at the destination; absent where there is none */
  readonly was: string | undefined;
}

/** Does for one tag whatever it needs: in preview it is judged and planned, in up it is copied, too. */
export async function mirrorTag(shop: Workshop, task: Task): Promise<Outcome> {
  const known = withoutAsking(shop, task);
  if (known) return known;
  const was = await nowThere(shop, task);
  const digest = await wantedDigest(shop, task);
  const { intent } = shop.turn;
  const mayReplace =
    task.known !== undefined || intent.given.replaceTag === "verified";
  if (was !== undefined && was !== digest && !mayReplace)
    return { kind: "occupied", there: was };
  const meant = { ...task, digest };
  // what was not known before may be known now
  const later = withoutAsking(shop, meant);
  if (later) return later;
  const wish = wishFor(intent, meant);
  return judgedAndBrought({ shop, task, wish, digest, was });
}

async function judgedAndBrought(piece: Piece): Promise<Outcome> {
  const { shop, task, wish, digest } = piece;
  const { turn } = shop;
  const { reach } = turn.call;
  const bench = await shop.bench();
  try {
    const judged = await judge(turn.world, wish, { digest, reach, bench });
    return await whatFollows(piece, judged);
  } catch (error) {
    const isOurs =
      task.known === digest && cameInBefore(turn, { ...task, digest });
    if (isAbsent(error) && isOurs) return judgedThere(piece);
    throw error;
  }
}

async function whatFollows(piece: Piece, judged: Judgement): Promise<Outcome> {
  if (judged.outcome === "refused") return refusedOrUnasked(piece, judged);
  const { examined } = judged;
  return (await young(piece, examined)) ?? arrived(piece, examined);
}

function refusedOrUnasked(
  { shop, task, digest }: Piece,
  { judged, verdicts }: Extract<Judgement, { outcome: "refused" }>,
): Outcome {
  const against = verdicts.filter(
    ({ blocks, outcome }) => blocks && outcome !== "passed",
  );
  const { code, reason } = reasonOf(against);
  if (outcomeOf(judged.policy, verdicts) === "inconclusive")
    return { kind: "failed", digest, error: unasked(against, reason) };
  const listed = shortDigest(listingDigest(judged.discovered.listed));
  const { remembered, call } = shop.turn;
  const refusal = refusalOf(
    { digest, code, reason, listed },
    remembered.refused.get(task.tag),
    call.reach.now(),
  );
  return { kind: "refused", refusal, against };
}

function unasked(against: readonly Verdict[], why: string): MirrorError {
  return new MirrorError({
    fault: "unreachable",
    code: "NETWORK",
    what: "could not be judged",
    why,
    remedy: remediesFor(against)[0] ?? "try again",
  });
}

/** What is let in by the policy, and has not the age that it must have. What came in before is as old as it needs to be. */
async function young(
  { shop, task, digest }: Piece,
  examined: Examined,
): Promise<Outcome | undefined> {
  const { turn, frame } = shop;
  const { minAge } = turn.intent.given.tags;
  if (minAge === undefined || cameInBefore(turn, { ...task, digest }))
    return undefined;
  const answer = await judgeAge(minAge, examined, {
    candidate: candidateOf(turn, frame, task.tag),
    isNew: turn.state === undefined,
    reach: turn.call.reach,
  });
  if (answer.outcome === "ripe") return undefined;
  const { candidate, until } = answer;
  return { kind: "waiting", candidate, until };
}

async function arrived(piece: Piece, examined: Examined): Promise<Outcome> {
  const { shop, was } = piece;
  const { call, intent } = shop.turn;
  const mayReplace =
    was !== undefined || intent.given.replaceTag === "verified";
  // a list that is not complete, or somebody who was quicker
  const isTaken = ({ tag }: Plan) => !mayReplace && tag?.was !== undefined;
  const planned = await plannedOrCopied(piece, examined, isTaken);
  if (isTaken(planned)) return { kind: "occupied", there: planned.tag?.was };
  const { admitted } = examined;
  const now = call.reach.now();
  const listed = watchedListing(intent, examined);
  return arrivalOf(admitted, {
    verdict: verdictOf(admitted, { now, listed }),
    was,
    parts: partsOf(planned),
    warnings: warningsIn(admitted),
  });
}

async function plannedOrCopied(
  { shop, task, wish, was }: Piece,
  examined: Examined,
  isTaken: (planned: Plan) => boolean,
): Promise<Plan> {
  const { call, progress, turn } = shop;
  const { world, write, intent } = turn;
  const isNew = was === undefined;
  if (!write) {
    const destination = world.stores.open(intent.destination, "destination");
    return planAt(wish, examined, { destination, call, isNew, isShown: true });
  }
  const bench = await shop.bench();
  return copy({ world, call, bench }, wish, {
    examined,
    isNew,
    isWanted: (planned) => !isTaken(planned),
    onProgress: (copied) => progress.copied(task.tag, copied),
  });
}

/** What is gone at its source, or was never named there, is judged by what came along. */
async function judgedThere({
  shop,
  task,
  wish,
  digest,
}: Piece): Promise<Outcome> {
  const { world, intent, call, remembered } = shop.turn;
  const { reach } = call;
  const place = world.stores.open(intent.destination, "destination");
  const bench = await shop.bench();
  const admitted = await prove(world, place, { wish, digest, reach, bench });
  const listed = remembered.verdicts.get(task.tag)?.listed;
  return arrivalOf(admitted, {
    verdict: verdictOf(admitted, { now: reach.now(), listed }),
    was: task.known,
    parts: { blobs: new Map(), manifests: [], evidence: [] },
    warnings: warningsIn(admitted),
  });
}

const warningsIn = (admitted: Admitted) =>
  warningsOf(admitted).map(({ text }) => text);

/** What the tag names at the destination: state says so of what is ours, and its list says what is not there. */
async function nowThere(
  { turn }: Workshop,
  { tag, known, isListed }: Task,
): Promise<string | undefined> {
  if (known !== undefined || isListed === false) return known;
  const { world, intent, call } = turn;
  const place = world.stores.open(intent.destination, "destination");
  return (await place.resolve(tag, call.reach))?.digest;
}

/** What is to be mirrored: checked, or asked for; where it is surely new, together with its bytes. */
async function wantedDigest(
  { turn }: Workshop,
  { sourceTag = "", digest, isListed }: Task,
): Promise<Digest> {
  if (digest !== undefined && isDigest(digest)) return digest;
  const { world, intent, call } = turn;
  const place = world.stores.open(intent.source, "source");
  const served =
    isListed === false ? await place.fetch(sourceTag, call.reach) : undefined;
  const found =
    served?.descriptor ?? (await resolve(place, sourceTag, call.reach));
  world.memory.sources.set(writtenAs(intent.source, sourceTag), found);
  return found.digest;
}

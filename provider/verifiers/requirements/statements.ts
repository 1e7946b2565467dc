import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type {
  Authenticated,
  Authority,
  Evidence,
  Judged,
  Looked,
  Reach,
  Verdict,
} from "../../mirror/ports";
import type { Claim } from "../formats/claim";
import { aged, timeUnproven } from "./age";
import { lookInside } from "./lookInside";
import { latestOf } from "./latestOf";
import { claimsOf, foundWanting, leftOut, look, lookedOf } from "./look";
import { failure, passed } from "./verdict";

/** The word `match`. */
export const matchSchema = z
  .enum(["any", "all", "latest"])
  .optional()
  .describe(
    "Which must meet the conditions, of those of the type that somebody in `by` vouches for: `any` of them (default), `all`, or the `latest` by proven time.",
  );

/** Why a vouched statement does not do. */
export type Shortcoming = Pick<Looked, "code" | "reason">;

/** Says what is wrong with a vouched statement, or undefined. */
export type Check = (
  piece: Authenticated,
  judged: Judged,
) => Promise<Shortcoming | undefined>;

/** A signed statement that there must be. */
export interface Wanted {
  /** the property path: `attestations[0]` */
  readonly name: string;
  readonly blocks: boolean;
  readonly authorities: readonly Authority[];
  /** for messages: `attestation of type …` */
  readonly what: string;
  readonly isType: (predicateType: string) => boolean;
  readonly match?: "any" | "all" | "latest" | undefined;
  readonly maxAge?: string | undefined;
  readonly checks: readonly Check[];
}

/** Whether somebody has vouched for such a statement about the artifact, beside it or inside, and what it says is as wanted. */
export async function judgeStatements(
  wanted: Wanted,
  judged: Judged,
  reach: Reach,
): Promise<Verdict> {
  const read = await claimsOf(judged.evidence, wanted.authorities);
  const claims = read.filter(({ claim }) => claim.kind !== "signature");
  const candidates = claims.filter(({ claim }) => mayBe(wanted, claim));
  const others = claims.filter(({ claim }) => !mayBe(wanted, claim));
  const pieces = candidates.map(({ piece }) => piece);
  const beside = await look(pieces, wanted.authorities, reach);
  const within = await lookInside(wanted, judged.inside, reach);
  const rejected = [...beside.rejected, ...within.rejected];
  const isUnasked = rejected.some(({ outcome }) => outcome === "inconclusive");
  const chosen = await choose(
    [...beside.authenticated, ...within.authenticated],
    { wanted, judged, reach },
  );
  const judgement = {
    requirement: wanted.name,
    blocks: wanted.blocks,
    satisfiedBy: chosen.good,
    rejected,
    looked: [
      ...chosen.bad,
      ...rejected.map(lookedOf),
      ...within.looked,
      ...others.map(({ piece, claim }) => otherType(piece, claim)),
    ],
  };
  // what could not be asked might be the one that is against it
  const isMet = chosen.isMet && (wanted.match === "any" || !isUnasked);
  if (isMet) return passed(judgement);
  const isAny = claims.length > 0 || within.looked.length > 0;
  return failure(
    { ...judgement, satisfiedBy: [] },
    {
      missing: {
        code: isAny ? "PREDICATE_MISSING" : "NO_EVIDENCE",
        reason: `no ${wanted.what} was found`,
      },
    },
  );
}

interface Choosing {
  readonly wanted: Wanted;
  readonly judged: Judged;
  readonly reach: Reach;
}

interface Chosen {
  readonly good: readonly Authenticated[];
  readonly bad: readonly Looked[];
  readonly isMet: boolean;
}

/** Of what was vouched for: what meets the conditions, and whether that is what `match` asks for. */
async function choose(
  vouched: readonly Authenticated[],
  choosing: Choosing,
): Promise<Chosen> {
  const { isType, match = "any" } = choosing.wanted;
  const pieces = vouched.filter(
    ({ statement }) => statement && isType(statement.predicateType),
  );
  const { latest, unproven } = latestOf(pieces);
  const asked = match === "latest" ? latest : pieces;
  const good: Authenticated[] = [];
  const bad =
    match === "latest"
      ? unproven.map((piece) => foundWanting(piece, timeUnproven))
      : [];
  for (const piece of asked) {
    // conditions may take their time; one piece in one turn of the event loop
    await setImmediate();
    choosing.reach.signal.throwIfAborted();
    const tried = await tryOut(piece, choosing);
    if ("code" in tried) bad.push(foundWanting(piece, tried));
    else good.push(tried);
  }
  const isEnough = match === "any" || good.length === asked.length;
  return { good, bad, isMet: good.length > 0 && isEnough };
}

async function tryOut(
  piece: Authenticated,
  { wanted, judged, reach }: Choosing,
): Promise<Authenticated | Shortcoming> {
  for (const check of wanted.checks) {
    const shortcoming = await check(piece, judged);
    if (shortcoming) return shortcoming;
  }
  const { maxAge } = wanted;
  return maxAge === undefined
    ? piece
    : aged(piece, { maxAge, now: reach.now() });
}

/** An opaque piece may be anything: its authority will say. */
function mayBe({ isType }: Wanted, claim: Claim): boolean {
  if (claim.kind === "opaque") return true;
  return claim.kind === "attestation" && isType(claim.predicateType);
}

function otherType(piece: Evidence, claim: Claim): Looked {
  const type = claim.kind === "attestation" ? claim.predicateType : "";
  return leftOut(piece, {
    code: "OTHER_PREDICATE",
    reason: `an attestation of another type (${type})`,
  });
}

import { setImmediate } from "node:timers/promises";
import type {
  Authenticated,
  Authority,
  Evidence,
  Looked,
  Reach,
  Rejection,
} from "../../mirror/ports";
import { canRead } from "../authorities/canRead";
import { claimOf, type Claim } from "../formats/claim";
import { farness, reasonText } from "../refusal";

/** What the authorities said about all evidence. */
export interface Sight {
  readonly authenticated: readonly Authenticated[];
  readonly rejected: readonly Rejection[];
}

const mostLooked = 20;

/**
 * Shows every piece of evidence to every authority that can read it, in an order that does not depend on how it was found.
 * One piece in one turn of the event loop: thousands of them must not hold up what else is going on.
 */
export async function look(
  evidence: readonly Evidence[],
  authorities: readonly Authority[],
  reach: Reach,
): Promise<Sight> {
  const authenticated: Authenticated[] = [];
  const rejected: Rejection[] = [];
  for (const piece of inOrder(evidence)) {
    await setImmediate();
    for (const authority of authorities) {
      if (!canRead(authority, piece)) continue;
      reach.signal.throwIfAborted();
      const answer = await authority.authenticate(piece, reach);
      if (answer.outcome === "authenticated") authenticated.push(answer);
      else rejected.push(answer);
    }
  }
  return { authenticated, rejected };
}

/** A piece of evidence, and what it says it is. */
export interface Claimed {
  readonly piece: Evidence;
  readonly claim: Claim;
}

/** What the pieces that at least one authority can read say they are; one in one turn of the event loop. */
export async function claimsOf(
  evidence: readonly Evidence[],
  authorities: readonly Authority[],
): Promise<readonly Claimed[]> {
  const claims: Claimed[] = [];
  for (const piece of evidence) {
    if (!authorities.some((authority) => canRead(authority, piece))) continue;
    await setImmediate();
    claims.push({ piece, claim: claimOf(piece) });
  }
  return claims;
}

/** What was looked at, nearest miss first, at most 20 lines. */
export function lookedAt(lines: readonly Looked[]): readonly Looked[] {
  const sorted = different(lines).sort(
    (one, other) =>
      farness(one.code) - farness(other.code) ||
      compare(one.evidence, other.evidence) ||
      compare(one.authority, other.authority),
  );
  return sorted.slice(0, mostLooked);
}

/** Many signatures in one manifest may lack the same thing: that is said once. */
function different(lines: readonly Looked[]): Looked[] {
  return [...new Map(lines.map((one) => [JSON.stringify(one), one])).values()];
}

/** One line about a rejection. */
export function lookedOf(rejection: Rejection): Looked {
  const { evidence, format, authority, code, reason, seen } = rejection;
  return {
    evidence: evidence.manifest.digest,
    format,
    authority,
    code,
    reason: reasonText(reason),
    ...(seen && { seen }),
  };
}

/** One line about evidence that a requirement left out, or that an authority vouched for in vain. */
export function leftOut(
  evidence: Evidence,
  why: Pick<Looked, "code" | "reason"> &
    Partial<Pick<Looked, "authority" | "format" | "seen">>,
): Looked {
  return {
    evidence: evidence.manifest.digest,
    format: evidence.layer.mediaType,
    authority: "",
    ...why,
    reason: reasonText(why.reason),
  };
}

/** One line about evidence that an authority vouched for, and that does not do. */
export function foundWanting(
  { evidence, authority, format, signer }: Authenticated,
  why: Pick<Looked, "code" | "reason">,
): Looked {
  return leftOut(evidence, { ...why, authority, format, seen: signer });
}

function inOrder(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort(
    (one, other) =>
      compare(one.manifest.digest, other.manifest.digest) ||
      compare(one.layer.digest, other.layer.digest),
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

import { durationMs } from "../../../mirror/duration";
import type { Candidate } from "./candidateOutput";
import type { MinAgeInput } from "./minAgeInput";

/** Whether something has the age that it must have; `unknown` where its date was not learned. */
export type Standing =
  | { readonly outcome: "ripe" }
  | { readonly outcome: "waits"; readonly until: Date }
  | { readonly outcome: "unknown" };

/** What is seen (again): the same digest keeps its dates, another starts anew. */
export function seenAgain(
  former: Candidate | undefined,
  seen: {
    readonly digest: string;
    readonly by: MinAgeInput["by"];
    readonly now: Date;
  },
): Candidate {
  const { digest, by, now } = seen;
  const isSame = former?.digest === digest;
  if (!isSame || Number.isNaN(Date.parse(former.firstSeen)))
    return { digest, firstSeen: now.toISOString() };
  const { firstSeen, bornAt } = former;
  const isKnown = former.by === by && bornAt !== undefined;
  return { digest, firstSeen, ...(isKnown && { by, bornAt }) };
}

/** What waits beside what is mirrored: what its source names now or, where that is not known, what it named before. */
export function candidateBeside(
  mirrored: string,
  seen: {
    readonly named: string | undefined;
    readonly former: Candidate | undefined;
    readonly by: MinAgeInput["by"];
    readonly now: Date;
  },
): Candidate | undefined {
  const { named, former, by, now } = seen;
  const digest = named ?? former?.digest;
  return digest === undefined || digest === mirrored
    ? undefined
    : seenAgain(former, { digest, by, now });
}

/** The same, once its date by `minAge.by` is learned. */
export function bornOn(
  candidate: Candidate,
  by: MinAgeInput["by"],
  born: Date,
): Candidate {
  return { ...candidate, by, bornAt: born.toISOString() };
}

/** A date in the future, by a clock that went wrong, only makes it wait longer. */
export function standingOf(
  minAge: MinAgeInput,
  candidate: Candidate | undefined,
  now: Date,
): Standing {
  const since = candidate && sinceOf(minAge, candidate);
  const until = (since ?? NaN) + durationMs(minAge.duration);
  if (Number.isNaN(until)) return { outcome: "unknown" };
  return until <= now.getTime()
    ? { outcome: "ripe" }
    : { outcome: "waits", until: new Date(until) };
}

function sinceOf(
  { by }: MinAgeInput,
  candidate: Candidate,
): number | undefined {
  const { firstSeen, bornAt } = candidate;
  if (by === "firstSeen") return Date.parse(firstSeen);
  return candidate.by === by && bornAt !== undefined
    ? Date.parse(bornAt)
    : undefined;
}

/** `created 2026-11-20T10:00:00.000Z; it may come in on 2026-11-23T10:00:00.000Z (minAge: 72h by created)`. */
export function waitingText(
  minAge: MinAgeInput,
  candidate: Candidate,
  until: Date,
): string {
  const { by, duration } = minAge;
  const dates = {
    firstSeen: `seen first ${candidate.firstSeen}`,
    created: `created ${candidate.bornAt}`,
    signature: `its signature is proven since ${candidate.bornAt}`,
  };
  return `${dates[by]}; it may come in on ${until.toISOString()} (minAge: ${duration} by ${by})`;
}

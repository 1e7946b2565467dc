import { MirrorError, type Code } from "../../../mirror/errors";
import type { Artifact } from "../../../mirror/graph";
import type { Reach, Source } from "../../../mirror/ports";
import type { Admitted } from "../../../mirror/verify";
import {
  bornOn,
  seenAgain,
  standingOf,
  waitingText,
  type Standing,
} from "./standing";
import type { Candidate } from "./candidateOutput";
import { createdOf, type Made } from "./created";
import type { Examined } from "../examine";
import type { MinAgeInput } from "./minAgeInput";
import { provenSince } from "./provenSince";

/** Two machines' clocks differ by that much, and nobody is to blame. */
const skewMs = 5 * 60_000;

/** What is asked for its date. */
export interface Dated {
  readonly reference: string;
  readonly source: Source;
  readonly artifact: Artifact;
  /** with `by: signature` */
  readonly admitted?: Admitted;
}

/** Whether it may come in already, and what is to be remembered of it where it may not. */
export type AgeAnswer =
  | Extract<Standing, { outcome: "ripe" }>
  | (Extract<Standing, { outcome: "waits" }> & {
      readonly candidate: Candidate;
    });

/** Holds something that was let in by the policy, and is not at the destination, against its cooldown. Throws a refusal where it has no date, or one in the future. */
export async function judgeAge(
  minAge: MinAgeInput,
  examined: Examined,
  at: {
    /** what is remembered of it */
    readonly candidate?: Candidate | undefined;
    /** whether nothing of its resource, or of its source, was seen before */
    readonly isNew: boolean;
    readonly reach: Reach;
  },
): Promise<AgeAnswer> {
  const { by, onNew } = minAge;
  const { digest } = examined.admitted.artifact.root.descriptor;
  const now = at.reach.now();
  const seen = seenAgain(at.candidate, { digest, by, now });
  const isAdmitted = by === "firstSeen" && at.isNew && onNew === "admit";
  if (isAdmitted) return { outcome: "ripe" };
  const candidate =
    by === "firstSeen"
      ? seen
      : bornOn(
          seen,
          by,
          await requireDate(minAge, datedBy(examined), at.reach),
        );
  const standing = standingOf(minAge, candidate, now);
  if (standing.outcome === "unknown")
    throw new RangeError(`no date: ${JSON.stringify(candidate)}`);
  return standing.outcome === "ripe" ? standing : { ...standing, candidate };
}

/** What was let in by the policy, for `requireDate`. */
export function datedBy({ admitted, source }: Examined): Dated {
  const { reference, artifact } = admitted;
  return { reference, source, artifact, admitted };
}

/** Its date by `created` or `signature`; throws where it has none. */
export async function requireDate(
  minAge: MinAgeInput,
  dated: Dated,
  reach: Reach,
): Promise<Date> {
  const made = await madeOf(minAge, dated, reach);
  const { reference } = dated;
  if ("why" in made)
    throw ageRefusal(minAge, reference, {
      code: "AGE_UNKNOWN",
      why: made.why,
      remedy:
        minAge.by === "created"
          ? 'ask its publisher to date it, or say by: "signature" or by: "firstSeen"'
          : 'ask for what a transparency log or a timestamp proves, or say by: "created" or by: "firstSeen"',
    });
  if (made.at.getTime() <= reach.now().getTime() + skewMs) return made.at;
  throw ageRefusal(minAge, reference, {
    code: "AGE_UNKNOWN",
    why: `its date is ${made.at.toISOString()}, in the future by this machine's clock`,
    remedy: "set the clock, or ask its publisher what went wrong",
  });
}

function madeOf(
  { by }: MinAgeInput,
  { admitted, artifact, source }: Dated,
  reach: Reach,
): Promise<Made> | Made {
  if (by === "created") return createdOf(source, artifact, reach);
  const at = admitted && provenSince(admitted);
  if (at) return { at };
  const why =
    "nothing that satisfied the policy has a proven time: no entry in a transparency log, and no timestamp";
  return { why };
}

/** The refusal of what is too young, with the date on which it may come in. */
export function tooYoung(
  minAge: MinAgeInput,
  { admitted }: Pick<Examined, "admitted">,
  answer: Extract<AgeAnswer, { outcome: "waits" }>,
): MirrorError {
  return ageRefusal(minAge, admitted.reference, {
    code: "TOO_YOUNG",
    why: waitingText(minAge, answer.candidate, answer.until),
    remedy:
      "wait until then, or name something older (a tag, or `digest`); to let it in at once, take minAge away",
  });
}

/** The refusal of what no up and no refresh has seen: it would be refused again, so no date is named. */
export function neverSeen(
  minAge: MinAgeInput,
  { admitted }: Pick<Examined, "admitted">,
): MirrorError {
  return ageRefusal(minAge, admitted.reference, {
    code: "AGE_UNKNOWN",
    why: "no up and no refresh has seen it yet",
    remedy:
      'leave a digest that is pinned out for so long (what the source\'s tag names is remembered), or say by: "created" or by: "signature"; for another source, onNew: "admit" lets in what is there now',
  });
}

function ageRefusal(
  { duration, by }: MinAgeInput,
  reference: string,
  {
    code,
    why,
    remedy,
  }: {
    readonly code: Code;
    readonly why: string;
    readonly remedy: string;
  },
): MirrorError {
  return new MirrorError({
    fault: "refused",
    code,
    what:
      code === "TOO_YOUNG"
        ? "too young"
        : `refused, because its age by ${by} is not known and minAge is ${duration}`,
    where: { side: "source", reference },
    why,
    remedy,
  });
}

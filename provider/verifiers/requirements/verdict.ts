import type {
  Authenticated,
  Looked,
  Rejection,
  Verdict,
} from "../../mirror/ports";
import type { Digest } from "../../oci/digest";
import { lookedAt } from "./look";

/** What a requirement has found out. */
export interface Judgement {
  readonly requirement: string;
  readonly blocks: boolean;
  readonly satisfiedBy: readonly Authenticated[];
  readonly rejected: readonly Rejection[];
  readonly looked: readonly Looked[];
}

/** The answer when the requirement is met. */
export function passed(judgement: Judgement): Verdict {
  const { requirement, blocks, satisfiedBy, looked } = judgement;
  const notes = new Set(satisfiedBy.flatMap(({ notes: said = [] }) => said));
  return {
    outcome: "passed",
    requirement,
    blocks,
    code: "OK",
    reason: "",
    satisfiedBy,
    reliedOn: reliedOn(satisfiedBy),
    looked: lookedAt(looked),
    ...(notes.size > 0 && { notes: [...notes] }),
  };
}

/** The evidence manifests behind it; what lies inside the artifact comes along anyway. */
function reliedOn(satisfiedBy: readonly Authenticated[]): readonly Digest[] {
  const digests = satisfiedBy.flatMap(({ evidence, reliesOn = [] }) => [
    ...(evidence.via === "child" ? [] : [evidence.manifest.digest]),
    ...reliesOn,
  ]);
  return [...new Set(digests)];
}

interface Shortfall {
  /** said when nothing that could count was found */
  readonly missing: Pick<Verdict, "code" | "reason">;
  /** said when something counts, but not enough */
  readonly short?: string | undefined;
}

/** The answer when it is not met: inconclusive where an authority could not be asked, else the nearest miss. */
export function failure(judgement: Judgement, shortfall: Shortfall): Verdict {
  const { requirement, blocks, satisfiedBy, rejected } = judgement;
  const looked = lookedAt(judgement.looked);
  const unasked = rejected.find(({ outcome }) => outcome === "inconclusive");
  return {
    outcome: unasked ? "inconclusive" : "failed",
    requirement,
    blocks,
    satisfiedBy,
    reliedOn: [],
    looked,
    ...(unasked
      ? { code: unasked.code, reason: unasked.reason }
      : why(looked, shortfall)),
  };
}

/** Codes of evidence that is not of the kind that was asked for. */
const otherwise: readonly string[] = [
  "OTHER_KIND",
  "OTHER_PREDICATE",
  "NOT_A_SIGNATURE",
];

function why(
  looked: readonly Looked[],
  { missing, short }: Shortfall,
): Pick<Verdict, "code" | "reason"> {
  if (short) return { code: "THRESHOLD", reason: short };
  const nearest = looked.find(({ code }) => !otherwise.includes(code));
  if (nearest) return { code: nearest.code, reason: nearest.reason };
  const [other] = looked;
  if (!other) return missing;
  return {
    ...missing,
    reason: `${missing.reason} that counts; nearest: ${other.reason}`,
  };
}

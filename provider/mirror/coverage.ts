import type { Coverage, Judged, Reach, Requirement, Verdict } from "./ports";
import { printable } from "./printable";

const maxLooked = 20;
const maxNotes = 20;
const maxNamed = 5;
const maxReason = 200;

/** A manifest inside an index, to be judged by itself. */
export interface JudgedPart {
  /** `linux/arm64`, else its digest */
  readonly name: string;
  readonly judged: Judged;
}

/** An artifact, to be judged as a whole or part by part; one that is no index has no parts. */
export interface Parts {
  readonly root: Judged;
  readonly parts: readonly JudgedPart[];
}

/**
 * One requirement's answer, as the policy's `coverage` has it. Where the root is to be covered and is not, every part may
 * still be covered by what lies inside the artifact.
 */
export async function judgeCovered(
  requirement: Requirement,
  { root, parts }: Parts,
  { coverage, reach }: { readonly coverage: Coverage; readonly reach: Reach },
): Promise<Verdict> {
  if (parts.length > 0 && coverage === "platforms")
    return judgeParts(requirement, parts, reach);
  const whole = await requirement.judge(root, reach);
  const further = coverage === "root" ? insideOnly(requirement, parts) : parts;
  if (whole.outcome === "passed" || further.length === 0) return whole;
  // who proves nothing can only object, and what he objects to is not outvoted
  if (!requirement.proves && whole.looked.length > 0) return whole;
  const asked = requirement.needsAll ? withEvidence(further, root) : further;
  return either(whole, await judgeParts(requirement, asked, reach));
}

/** The parts with what there is about the root besides: what is against it there must not get lost. */
function withEvidence(
  parts: readonly JudgedPart[],
  { evidence }: Judged,
): readonly JudgedPart[] {
  return parts.map(({ name, judged }) => ({
    name,
    judged: { ...judged, evidence: [...evidence, ...judged.evidence] },
  }));
}

/** The parts with nothing but what lies inside the artifact; none where nothing does. */
function insideOnly(
  { readsInside }: Requirement,
  parts: readonly JudgedPart[],
): readonly JudgedPart[] {
  if (!readsInside || parts.every(({ judged }) => judged.inside.length === 0))
    return [];
  return parts.map(({ name, judged }) => ({
    name,
    judged: { ...judged, evidence: [], referrers: [] },
  }));
}

interface Answer {
  readonly name: string;
  readonly verdict: Verdict;
}

/** All parts must pass. */
async function judgeParts(
  requirement: Requirement,
  parts: readonly JudgedPart[],
  reach: Reach,
): Promise<Verdict> {
  const answers: Answer[] = [];
  for (const { name, judged } of parts)
    answers.push({ name, verdict: await requirement.judge(judged, reach) });
  const verdicts = answers.map(({ verdict }) => verdict);
  return {
    ...outcomeOf(answers),
    requirement: requirement.name,
    blocks: requirement.blocks,
    satisfiedBy: verdicts.flatMap(({ satisfiedBy }) => satisfiedBy),
    reliedOn: [...new Set(verdicts.flatMap(({ reliedOn }) => reliedOn))],
    looked: inTurn(answers.map(lookedAt)).slice(0, maxLooked),
    notes: inTurn(answers.map(notesOf)).slice(0, maxNotes),
  };
}

function outcomeOf(
  answers: readonly Answer[],
): Pick<Verdict, "outcome" | "code" | "reason"> {
  const lacking = answers.filter(({ verdict }) => !isPassed(verdict));
  const failed = lacking.find(({ verdict }) => verdict.outcome === "failed");
  const first = failed ?? lacking[0];
  if (!first) return { outcome: "passed", code: "OK", reason: "" };
  const { outcome, code } = first.verdict;
  const isPartial = failed !== undefined && lacking.length < answers.length;
  return {
    outcome,
    code: isPartial ? "COVERAGE" : code,
    reason: isPartial
      ? `only a part of it is covered: ${whatLacks(lacking)}`
      : `none of its platforms is covered: ${whatLacks(lacking)}`,
  };
}

const isPassed = ({ outcome }: Verdict) => outcome === "passed";

/** `linux/arm64: no signature was found (NO_EVIDENCE)`. */
function whatLacks(lacking: readonly Answer[]): string {
  const named = lacking
    .slice(0, maxNamed)
    .map(
      ({ name, verdict }) =>
        `${name}: ${printable(verdict.reason, maxReason)} (${verdict.code})`,
    );
  const more = lacking.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function lookedAt({ name, verdict }: Answer): Verdict["looked"] {
  return verdict.looked.map((one) => ({
    ...one,
    reason: `${name}: ${one.reason}`,
  }));
}

function notesOf({ name, verdict }: Answer): readonly string[] {
  const { notes = [] } = verdict;
  return notes.map((note) => `${name}: ${note}`);
}

/** The first of each, then the second of each, so that none is crowded out. */
function inTurn<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const places = Array.from({ length: longest }, (_, at) => at);
  return places.flatMap((at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  );
}

/** The root did not pass; its parts may. What is said then is whatever came nearest. */
function either(root: Verdict, parts: Verdict): Verdict {
  if (isPassed(parts)) return parts;
  const unasked = [root, parts].find(
    ({ outcome }) => outcome === "inconclusive",
  );
  const nearer =
    parts.code === "COVERAGE" || root.looked.length === 0 ? parts : root;
  const { outcome, code, reason } = unasked ?? nearer;
  return {
    ...root,
    outcome,
    code,
    reason,
    looked: inTurn([root.looked, parts.looked]).slice(0, maxLooked),
    notes: inTurn([root, parts].map(({ notes = [] }) => notes)).slice(
      0,
      maxNotes,
    ),
  };
}

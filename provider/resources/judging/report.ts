import type { Ignored } from "../../mirror/evidenceLayers";
import type { Artifact } from "../../mirror/graph";
import type { Authenticated, Policy, Verdict } from "../../mirror/ports";
import { printable } from "../../mirror/printable";
import { outcomeOf } from "../../mirror/verify";
import { verifierEpoch, type Report } from "./reportShape";

const version = 1;

/** How much a report may hold: entries of each kind, characters of each text, bytes (as JSON) of all that is listed. */
export interface Bounds {
  readonly requirements: number;
  /** of each requirement */
  readonly signers: number;
  /** of each requirement, and besides */
  readonly ignored: number;
  /** of each requirement */
  readonly notes: number;
  readonly text: number;
  readonly bytes: number;
}

/** What a report outside of state may hold. */
const fullBounds: Bounds = {
  requirements: 200,
  signers: 20,
  ignored: 20,
  notes: 20,
  text: 500,
  bytes: 256 * 1024,
};

/** What was judged, and what came of it. */
export interface Reported {
  readonly artifact: Artifact;
  readonly policy: Policy;
  readonly verdicts: readonly Verdict[];
  /** what was listed as evidence and is none */
  readonly ignored: readonly Ignored[];
}

/** The report (verification.md §8.3): plain, sorted, bounded; the same for the same artifact, policy and evidence but for `verifiedAt`. */
export function reportOf(
  { artifact, policy, verdicts, ignored }: Reported,
  now: Date,
  bounds: Bounds = fullBounds,
): Report {
  const room = new Room(bounds);
  const requirements = requirementsOf(verdicts, room);
  const set = room.take("ignored", ignored.map(setAside).sort(byText));
  return {
    version,
    digest: artifact.root.descriptor.digest,
    outcome: outcomeOf(policy, verdicts),
    reason: policy.unverified?.slice(0, 500),
    policyDigest: policy.digest,
    verifierEpoch,
    verifiedAt: now.toISOString(),
    validUntil: earliest(
      verdicts.flatMap(({ satisfiedBy }) =>
        satisfiedBy.flatMap(({ validUntil }) => validUntil ?? []),
      ),
    )?.toISOString(),
    requirements,
    ...(set.length > 0 && { ignored: set }),
    ...(room.omitted > 0 && { omitted: room.omitted }),
  };
}

type Answer = Report["requirements"][number];
type Signed = Answer["signers"][number];

/** What is listed in a report, counted and measured; what finds no room is only counted. */
class Room {
  #bytes: number;
  omitted = 0;

  constructor(readonly bounds: Bounds) {
    this.#bytes = bounds.bytes;
  }

  /** The first entries, as many as fit. */
  take<Entry>(
    kind: "requirements" | "signers" | "ignored" | "notes",
    entries: readonly Entry[],
  ): Entry[] {
    const most = entries.slice(0, this.bounds[kind]);
    const end = most.findIndex((entry) => !this.#fits(entry));
    const taken = end < 0 ? most : most.slice(0, end);
    this.omitted += entries.length - taken.length;
    return taken;
  }

  #fits(entry: unknown): boolean {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 16;
    if (size > this.#bytes) return false;
    this.#bytes -= size;
    return true;
  }
}

/** What matters most finds room first: every answer, who satisfied it first, why not; then the rest. */
function requirementsOf(verdicts: readonly Verdict[], room: Room): Answer[] {
  const { text } = room.bounds;
  const plain = room.take(
    "requirements",
    verdicts.map((verdict) => plainOf(verdict, text)),
  );
  const answers = plain.flatMap((answer, at) => {
    const verdict = verdicts[at];
    if (!verdict) return [];
    const [first, ...others] = signersOf(verdict, text);
    const firsts = room.take("signers", first ? [first] : []);
    return [{ verdict, answer, firsts, others }];
  });
  return answers.map(({ verdict, answer, firsts, others }) => {
    const more = room.take("signers", others);
    const notes = room.take(
      "notes",
      (verdict.notes ?? []).map((note) => printable(note, text)),
    );
    const ignored = room.take("ignored", verdict.looked.map(lookedAt));
    return {
      ...answer,
      ...(notes.length > 0 && { notes }),
      signers: [...firsts, ...more],
      ...(ignored.length > 0 && { ignored }),
    };
  });
}

function plainOf(
  { requirement: name, outcome, code, reason }: Verdict,
  text: number,
): Pick<Answer, "name" | "outcome" | "code" | "reason"> {
  const why = outcome === "passed" ? undefined : printable(reason, text);
  return { name, outcome, code, ...(why && { reason: why }) };
}

function signersOf({ satisfiedBy }: Verdict, text: number): Signed[] {
  const signers = satisfiedBy.map((one) => signerOf(one, text));
  return [...new Map(signers.map((one) => [textOf(one), one])).values()].sort(
    byText,
  );
}

function signerOf(
  { authority, evidence, format, signer, times, statement }: Authenticated,
  text: number,
): Signed {
  const { keyId, issuer, identity, subject } = signer;
  const short = (word?: string) =>
    word === undefined ? undefined : printable(word, text);
  const time = earliest(times.map((one) => one.time));
  const source = times.find((one) => one.time === time)?.source;
  return {
    authority,
    evidence: evidence.manifest.digest,
    format: short(format),
    keyId: short(keyId),
    issuer: short(issuer),
    identity: short(identity),
    subject: short(subject),
    time: time?.toISOString(),
    timeSource: source,
    predicateType: short(statement?.predicateType),
  };
}

const maxReason = 200;

const setAside = ({ digest, code, reason }: Ignored) => ({
  evidence: digest,
  code,
  reason: printable(reason, maxReason),
});

const lookedAt = ({ evidence, code, reason }: Verdict["looked"][number]) => ({
  evidence,
  code,
  reason: printable(reason, maxReason),
});

function earliest(times: readonly Date[]): Date | undefined {
  return [...times].sort((one, other) => one.getTime() - other.getTime())[0];
}

const textOf = (entry: unknown) => JSON.stringify(entry);

function byText(one: unknown, other: unknown): number {
  const [left, right] = [textOf(one), textOf(other)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

import { formatReference, parseReference } from "../../oci/reference";
import type { Call, Desired } from "../../mirror/lifecycle";
import type { Reach } from "../../mirror/ports";
import { candidateBeside } from "../mirroring/age/standing";
import type { Candidate } from "../mirroring/age/candidateOutput";
import type { Examined } from "../mirroring/examine";
import { judgeAge, neverSeen, tooYoung } from "../mirroring/age/judgeAge";
import type { World } from "../world";
import type { Intent } from "./intent";
import type { Outputs } from "./outputs";
import { admittedOf, readState } from "./state";

/** Throws a refusal where what the policy let in is too young. What is mirrored already is never held against its cooldown. */
export async function requireAge(
  examined: Examined,
  {
    desired,
    intent,
    reach,
  }: {
    readonly desired: Desired;
    readonly intent: Intent;
    readonly reach: Reach;
  },
): Promise<void> {
  const { minAge } = intent.given;
  if (!minAge) return;
  const state = desired.state && readState(desired.state);
  const { digest } = examined.admitted.artifact.root.descriptor;
  if (state && admittedOf(state) === digest) return;
  const candidate = stateOfTag({ desired, intent })?.candidate;
  const answer = await judgeAge(minAge, examined, {
    candidate,
    isNew: !isOfSource(state, intent),
    reach,
  });
  if (answer.outcome === "ripe") return;
  const isUnseen = minAge.by === "firstSeen" && candidate?.digest !== digest;
  throw isUnseen
    ? neverSeen(minAge, examined)
    : tooYoung(minAge, examined, answer);
}

/** What waits beside the digest that is (or would be) mirrored, for state. */
export function candidateOf(
  { memory }: World,
  { reach }: Call,
  at: {
    readonly desired: Desired;
    readonly intent: Intent;
    readonly examined: Examined;
  },
): Candidate | undefined {
  const { intent, examined } = at;
  const { minAge } = intent.given;
  if (!minAge) return undefined;
  const { digest } = examined.admitted.artifact.root.descriptor;
  return candidateBeside(digest, {
    named: memory.sources.get(intent.written)?.digest,
    former: stateOfTag(at)?.candidate,
    by: minAge.by,
    now: reach.now(),
  });
}

/** Whether anything of this very source can have been seen. */
function isOfSource(state: Outputs | undefined, { source }: Intent): boolean {
  const before = state?.source;
  return (
    before !== undefined &&
    formatReference(parseReference(before)) === formatReference(source)
  );
}

/** State, where it is of the same tag: another tag's first sight is nobody's age. */
function stateOfTag({
  desired,
  intent,
}: {
  readonly desired: Desired;
  readonly intent: Intent;
}): Outputs | undefined {
  const state = desired.state && readState(desired.state);
  if (state?.source === undefined) return undefined;
  const [before, now] = [parseReference(state.source), intent.source].map(
    (one) => formatReference({ ...one, digest: undefined }),
  );
  return before === now ? state : undefined;
}

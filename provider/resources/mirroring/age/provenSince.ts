import type { Digest } from "../../../oci/digest";
import { partsOf } from "../../../mirror/inside";
import type { Verdict } from "../../../mirror/ports";
import type { Admitted } from "../../../mirror/verify";
import { provenTime } from "../../../verifiers/requirements/age";

/**
 * Since when the artifact is proven to have existed: the earliest time of something that satisfied the policy and is about the
 * whole; where each part of an index was judged, the newest part counts.
 */
export function provenSince(admitted: Admitted): Date | undefined {
  const { artifact, verdicts } = admitted;
  const root = artifact.root.descriptor.digest;
  const parts = partsOf(artifact).map(({ node }) => node.descriptor.digest);
  const dates = verdicts
    .filter(({ blocks, outcome }) => blocks && outcome === "passed")
    .map((verdict) => {
      const since = earliestBySubject(verdict);
      return since.get(root) ?? newest(parts, since);
    });
  return dates.reduce(
    (one, other) => (one && other && one < other ? one : (other ?? one)),
    undefined,
  );
}

/** The earliest proven time of what each manifest was judged by. */
function earliestBySubject({ satisfiedBy }: Verdict): Map<Digest, Date> {
  const since = new Map<Digest, Date>();
  for (const one of satisfiedBy) {
    const time = provenTime(one);
    const { digest } = one.evidence.subject;
    const known = since.get(digest);
    if (time && (!known || time < known)) since.set(digest, time);
  }
  return since;
}

/** A part without a proven time could be from today. */
function newest(
  parts: readonly Digest[],
  since: ReadonlyMap<Digest, Date>,
): Date | undefined {
  const dates = parts.map((part) => since.get(part));
  return dates.reduce(
    (one, other) => one && other && (one > other ? one : other),
    dates[0],
  );
}

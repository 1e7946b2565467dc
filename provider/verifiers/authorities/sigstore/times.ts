import { createHash } from "node:crypto";
import type { ProvenTime } from "../../../mirror/ports";
import type { LogEntry } from "../../formats/signatureMaterial";
import { promisedTime } from "./promise";
import { stampedTime } from "./stampedTime";
import type { Trust } from "./trust";

/** A proven time, and what tells one prover from another. */
export interface TimeBy extends ProvenTime {
  readonly by: Buffer;
}

/** What may prove when something was signed. */
export interface TimeEvidence {
  /** of known logs, their promises proven */
  readonly entries: readonly LogEntry[];
  readonly timestamps: readonly Buffer[];
  /** the bytes that the timestamps are about */
  readonly stamped: Buffer;
  readonly trust: Trust;
}

/** Every moment that is proven, the earliest first. Throws `TIME_INVALID` for a timestamp that does not count (T16). */
export function provenTimes(evidence: TimeEvidence): readonly TimeBy[] {
  const { entries, timestamps, stamped, trust } = evidence;
  const promised = entries.flatMap((entry): TimeBy[] => {
    const time = promisedTime(entry);
    return time ? [{ time, source: "rekor", by: entry.logId }] : [];
  });
  const stamps = timestamps.map((token): TimeBy => ({
    time: stampedTime(token, stamped, trust),
    source: "rfc3161",
    by: createHash("sha256").update(token).digest(),
  }));
  return [...promised, ...stamps].sort(
    (one, other) => one.time.getTime() - other.time.getTime(),
  );
}

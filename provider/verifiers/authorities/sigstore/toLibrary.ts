import type { TransparencyLogEntry } from "@sigstore/bundle";
import type { TrustMaterial } from "@sigstore/verify";
import type { LogEntry } from "../../formats/signatureMaterial";

type Logs = TrustMaterial["tlogs"];

/** A log entry in the library's form. */
export function toLibraryEntry(entry: LogEntry): TransparencyLogEntry {
  const { promise, proof } = entry;
  return {
    logIndex: entry.logIndex,
    logId: { keyId: entry.logId },
    kindVersion: { kind: entry.kind, version: entry.version },
    integratedTime: entry.integratedTime,
    inclusionPromise: promise && { signedEntryTimestamp: promise },
    inclusionProof: proof && {
      logIndex: proof.logIndex,
      treeSize: proof.treeSize,
      rootHash: proof.rootHash,
      hashes: [...proof.hashes],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

/** A moment that has been proven, in the one form that the library takes as such: it looks at whole seconds, so that a fraction becomes the second before and the one after. */
export function toLibraryTimes(
  time: Date,
  prover: Buffer,
): readonly TransparencyLogEntry[] {
  const seconds = time.getTime() / 1000;
  const moments = new Set([Math.floor(seconds), Math.ceil(seconds)]);
  return [...moments].map((moment) =>
    toLibraryEntry({
      logId: prover,
      logIndex: "0",
      integratedTime: String(moment),
      kind: "",
      version: "",
      body: Buffer.alloc(0),
      promise: prover,
    }),
  );
}

/**
 * The logs, each known also by the names that the checkpoints bear: a self-hosted log names itself after its pod, and
 * the library wants the name in the log's URL (§1.5 gap 9). A checkpoint must still be signed by that log's own key.
 */
export function withCheckpointNames(
  logs: Logs,
  entries: readonly LogEntry[],
): Logs {
  const notes = entries.map(({ proof }) => proof?.checkpoint ?? "").join("\n");
  return logs.map((log) => ({ ...log, baseURL: `${log.baseURL}\n${notes}` }));
}

import { verify } from "node:crypto";
import { json } from "@sigstore/core";
import type { TrustMaterial } from "@sigstore/verify";
import type { LogEntry } from "../../formats/signatureMaterial";
import { Refusal } from "../../refusal";

type Logs = TrustMaterial["tlogs"];

/** The moment at which a log promised to include the entry; proven only once `requirePromise` has passed. */
export function promisedTime(entry: LogEntry): Date | undefined {
  if (!entry.promise || entry.integratedTime === "0") return undefined;
  return new Date(Number(entry.integratedTime) * 1000);
}

/** Refuses an entry whose signed entry timestamp no trusted log made at that time (T13). */
export function requirePromise(entry: LogEntry, logs: Logs): void {
  const { promise } = entry;
  if (!promise) return;
  const named = logs.filter((log) => log.logID.equals(entry.logId));
  const time = new Date(Number(entry.integratedTime) * 1000);
  const valid = named.filter(
    ({ validFor }) => validFor.start <= time && time <= validFor.end,
  );
  if (valid.length === 0) {
    throw new Refusal(
      "TLOG_INVALID",
      `the log ${entry.logId.toString("hex").slice(0, 16)}… is not trusted at the time it claims`,
    );
  }
  const data = Buffer.from(
    json.canonicalize({
      body: entry.body.toString("base64"),
      integratedTime: Number(entry.integratedTime),
      logID: entry.logId.toString("hex"),
      logIndex: Number(entry.logIndex),
    }),
  );
  // no hash by name: Ed25519 logs have none, and ECDSA defaults to SHA-256
  const holds = valid.some((log) =>
    verify(undefined, data, log.publicKey, promise),
  );
  if (holds) return;
  // with a proof beside it the promise adds nothing but the time (T15)
  throw entry.proof
    ? new Refusal("TIME_UNPROVEN", "the log did not sign the time it claims")
    : new Refusal("TLOG_INVALID", "the log's promise is not its own");
}

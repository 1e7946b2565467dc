import type {
  LogEntry,
  SignatureMaterial,
} from "../../formats/signatureMaterial";
import { Refusal } from "../../refusal";
import { isOldIntoto, requireRecorded, type Recorded } from "./logEntryBody";
import { outdated } from "./outdated";
import { requirePromise } from "./promise";
import type { Trust } from "./trust";

interface Logged {
  readonly material: SignatureMaterial;
  readonly trust: Trust;
  readonly tlog: "required" | "not-required";
}

/**
 * The entries of logs that the root knows, after the checks that are ours: promise, recorded signer, envelope.
 * Inclusion proofs, and what the body says about signature and payload, are the library's to check.
 */
export function provenEntries(
  { material, trust, tlog }: Logged,
  recorded: Recorded,
): readonly LogEntry[] {
  const { entries, content } = material;
  const known = entries.filter((entry) =>
    trust.tlogs.some((log) => log.logID.equals(entry.logId)),
  );
  if (tlog === "required" && known.length === 0) {
    throw notLogged(entries, trust, recorded);
  }
  for (const entry of known) {
    requirePromise(entry, trust.tlogs);
    requireCheckpointsRoot(entry);
    requireRecorded(entry, recorded, content);
    if (isOldIntoto(entry) && !entry.promise) {
      throw new Refusal("TLOG_INVALID", "an intoto/0.0.1 entry has no promise");
    }
  }
  return known;
}

/** The library proves inclusion under the checkpoint's root hash, and does not look at the proof's own (T14). */
function requireCheckpointsRoot({ proof }: LogEntry): void {
  if (!proof) return;
  const [, , root = ""] = proof.checkpoint.split("\n");
  if (Buffer.from(root, "base64").equals(proof.rootHash)) return;
  throw new Refusal(
    "TLOG_INVALID",
    "the inclusion proof is not about its checkpoint's tree",
  );
}

function notLogged(
  entries: readonly LogEntry[],
  trust: Trust,
  { certificate }: Recorded,
): Refusal {
  const [first] = entries;
  if (!first) {
    const hint = certificate?.issuer.includes("GitHub, Inc.")
      ? ": it is by GitHub's own instance, which has none; name `github` in trustedRoots"
      : "";
    return new Refusal("TLOG_MISSING", `it is in no transparency log${hint}`);
  }
  const log = `the log ${first.logId.toString("hex").slice(0, 16)}…`;
  return (
    outdated(trust, log) ??
    new Refusal("TLOG_INVALID", `${log} is not in the trusted root`)
  );
}

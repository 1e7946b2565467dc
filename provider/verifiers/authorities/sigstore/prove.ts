import { createPublicKey, type KeyObject } from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import {
  Verifier,
  type SignedEntity,
  type TrustMaterial,
} from "@sigstore/verify";
import type { ProvenTime } from "../../../mirror/ports";
import type {
  LogEntry,
  SignatureMaterial,
} from "../../formats/signatureMaterial";
import { Refusal } from "../../refusal";
import { requireNoRoot, requireSigningLeaf } from "./leaf";
import { provenEntries } from "./logEntry";
import { isOldIntoto, type Recorded } from "./logEntryBody";
import { outdatedFor } from "./outdated";
import { refusalOf } from "./refusalOf";
import { rememberDer } from "./rememberDer";
import { signatureContent } from "./signatureContent";
import { provenTimes, type TimeBy } from "./times";
import {
  toLibraryEntry,
  toLibraryTimes,
  withCheckpointNames,
} from "./toLibrary";
import type { Trust } from "./trust";

/** What proves a signature: the material, one root, and the key that the policy pins, if it pins one. */
export interface Proof {
  readonly material: SignatureMaterial;
  readonly trust: Trust;
  readonly tlog: "required" | "not-required";
  readonly pinned?: KeyObject | undefined;
}

/** What has been proven. */
export interface Proven {
  readonly times: readonly ProvenTime[];
  /** the leaf, unless the key is pinned */
  readonly certificate?: X509Certificate | undefined;
}

/** Proves signature, signing key, log entries and times, or throws a `Refusal`. What is signed, and by whom, is for the caller to hold against the policy. */
export function prove(proof: Proof): Proven {
  const recorded = recordedIn(proof);
  const signature = signatureContent(proof.material.content);
  if (!signature.verifySignature(recorded.key)) {
    throw new Refusal("SIGNATURE_INVALID", "the signature is not this key's");
  }
  const certificate = proof.pinned ? undefined : recorded.certificate;
  if (certificate) requireSigningLeaf(certificate);
  const entries = provenEntries(proof, recorded);
  const times = provenTimes({
    entries,
    timestamps: proof.material.timestamps,
    stamped: signature.signature,
    trust: proof.trust,
  });
  if (certificate && times.length === 0) {
    throw new Refusal(
      "TIME_UNPROVEN",
      "no log and no authority proves when it was signed",
    );
  }
  verify(proof, { signature, certificate, entries, times });
  return {
    times: times.map(({ time, source }) => ({ time, source })),
    certificate,
  };
}

function recordedIn({ material, pinned }: Proof): Recorded {
  const [leaf, ...others] = material.certificates.map(parseCertificate);
  if (!leaf) {
    if (pinned) return { key: pinned };
    throw new Refusal(
      "OTHER_KIND",
      "it is signed with a bare key, by no identity",
    );
  }
  requireNoRoot(others);
  const key = keyOf(leaf);
  if (pinned && !pinned.equals(key)) {
    throw new Refusal(
      "KEY_MISMATCH",
      "it is signed with a certificate for another key",
    );
  }
  return { key: pinned ?? key, certificate: leaf };
}

function parseCertificate(der: Buffer): X509Certificate {
  const certificate = X509Certificate.parse(Buffer.from(der));
  rememberDer(certificate);
  return certificate;
}

function keyOf(certificate: X509Certificate): KeyObject {
  const { publicKey } = certificate;
  return createPublicKey({ key: publicKey, format: "der", type: "spki" });
}

interface Parts {
  readonly signature: SignedEntity["signature"];
  readonly certificate: X509Certificate | undefined;
  readonly entries: readonly LogEntry[];
  readonly times: readonly TimeBy[];
}

/** Runs the library: chain at every proven time, certificate transparency, log inclusion and bodies, and the signature. */
function verify(proof: Proof, parts: Parts): void {
  const { signature, certificate, entries, times } = parts;
  const inLibrary = entries.filter((entry) => !isOldIntoto(entry));
  const loggedByUs = inLibrary.length < entries.length;
  const verifier = new Verifier(trustFor(proof, entries), {
    ctlogThreshold: proof.trust.ctlogs.length > 0 ? 1 : 0, // GitHub's root has none
    tlogThreshold: proof.tlog === "required" && !loggedByUs ? 1 : 0,
    timestampThreshold: certificate ? 1 : 0,
  });
  try {
    verifier.verify({
      signature,
      key: certificate
        ? { $case: "certificate", certificate }
        : { $case: "public-key", hint: "" },
      tlogEntries: inLibrary.map(toLibraryEntry),
      timestamps: times
        .flatMap(({ time, by }) => toLibraryTimes(time, by))
        .map((tlogEntry) => ({ $case: "transparency-log", tlogEntry })),
    });
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal.code === "CERT_INVALID" && certificate
      ? (outdatedFor(proof.trust, certificate) ?? refusal)
      : refusal;
  }
}

function trustFor(
  { trust, pinned }: Proof,
  entries: readonly LogEntry[],
): TrustMaterial {
  return {
    ...trust,
    tlogs: withCheckpointNames(trust.tlogs, entries),
    // the hint in the evidence chooses nothing (§1.1)
    publicKey: pinned
      ? () => ({ publicKey: pinned, validFor: () => true })
      : trust.publicKey,
  };
}

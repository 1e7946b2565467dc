import type { KeyObject } from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import type {
  Authenticated,
  Authority,
  Evidence,
  Reach,
  Rejection,
  Signer,
} from "../../../mirror/ports";
import { vouch } from "../../../mirror/vouch";
import type { SignatureMaterial } from "../../formats/signatureMaterial";
import { isSignatureLayer, readSignatureMaterial } from "../../formats/read";
import { asRefusal, reasonText, Refusal } from "../../refusal";
import type { IdentityCheck } from "./wantedIdentity";
import type { Place } from "../kind";
import { logRuleFor, type LogSettings, type SignerKind } from "./logSettings";
import { requireBytes } from "../requireBytes";
import { rootsOf } from "../../trust/trustedRoot";
import { readCertificate } from "../../x509/certificate";
import { bindToSubject } from "./bindToSubject";
import { signerOf } from "./identity";
import {
  ownSignerOf,
  presentedIn,
  requireOwnSigner,
  type OwnAuthority,
  type Presented,
} from "./ownCertificate";
import type { Proven } from "./prove";
import { requireKeyInTime, type KeyTime } from "./keyTime";
import { proveWithAny, type UnderRoot } from "./proveWithAny";
import { examineRoots, loadTrust } from "./trust";

/** Whom the authority stands for. */
export type ExpectedSigner =
  | {
      readonly kind: "key";
      readonly key: KeyObject;
      readonly keyId: string;
      readonly time: KeyTime;
    }
  | {
      readonly kind: "identity";
      readonly differenceIn: IdentityCheck;
      /** in words, for messages */
      readonly wants: string;
      /** what the report says besides */
      readonly notes?: readonly string[] | undefined;
    }
  | {
      readonly kind: "certificate";
      readonly authority: OwnAuthority;
      readonly wants: string;
    };

/** What `key`, `keyless` and the words for forges make an authority of. */
export interface SigstoreParts extends Place {
  readonly settings: LogSettings;
  readonly signer: ExpectedSigner;
}

/** An authority over cosign's forms. Throws when its trusted roots cannot be used, or could not be brought up to date. */
export async function sigstoreAuthority(
  parts: SigstoreParts,
): Promise<Authority> {
  const { name, settings, signer } = parts;
  const [problem] = examineRoots(settings, logKindOf(signer));
  if (problem) {
    throw new Error(`${name}.${problem.path.join(".")} ${problem.reason}`);
  }
  const roots = await rootsToJudgeWith(parts);
  return {
    name,
    wants: signer.kind === "key" ? `key ${signer.keyId}` : signer.wants,
    reads: (layer) => layer.via !== "sbom" && isSignatureLayer(layer),
    authenticate: (evidence, reach) =>
      Promise.resolve(judge(evidence, { ...parts, roots, reach })),
  };
}

async function rootsToJudgeWith(
  parts: SigstoreParts,
): Promise<readonly UnderRoot[]> {
  const { settings, signer, trustRefresh, reach } = parts;
  const given = rootsOf(settings.trustedRoots);
  const roots =
    trustRefresh === "never"
      ? given
      : await (
          await import("../../trust/refresh.ts")
        ).refreshRoots(given, reach);
  return roots.map((root) => ({
    trust: loadTrust(root),
    tlog: logRuleFor(root, settings, logKindOf(signer)),
  }));
}

/** A certificate of one's own needs of a trusted root what a key needs: logs and times, no authorities. */
function logKindOf({ kind }: ExpectedSigner): SignerKind {
  return kind === "identity" ? "identity" : "key";
}

interface Judging extends SigstoreParts {
  readonly roots: readonly UnderRoot[];
  readonly reach: Reach;
}

/** Never throws: whatever is thrown below is a rejection (T19). */
function judge(evidence: Evidence, parts: Judging): Authenticated | Rejection {
  let material: SignatureMaterial | undefined;
  try {
    requireBytes(evidence);
    const allowChain = parts.signer.kind === "certificate";
    material = readSignatureMaterial(evidence, { allowChain });
    if (!material) {
      throw new Refusal("UNSUPPORTED_FORMAT", "not a form that cosign writes");
    }
    return vouchFor(evidence, material, parts);
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    const seen = refusal.seen ?? seenIn(material, parts.signer.kind);
    return {
      outcome: "rejected",
      evidence,
      authority: parts.name,
      format: material?.format ?? evidence.layer.mediaType,
      code: refusal.code,
      reason: reasonText(refusal.message),
      ...(seen && { seen }),
    };
  }
}

function vouchFor(
  evidence: Evidence,
  material: SignatureMaterial,
  parts: Judging,
): Authenticated {
  const { settings, roots, signer, name, reach } = parts;
  const presented =
    signer.kind === "certificate" ? presentedIn(material) : undefined;
  const proven = proveWithAny(roots, {
    material: presented?.material ?? material,
    pinned: signer.kind === "key" ? signer.key : presented?.key,
  });
  const { who, validUntil, notes } = requireSigner(signer, {
    presented,
    proven,
    now: reach.now(),
  });
  // read only once it is proven whose it is: a stranger's statement may be large
  const statement = bindToSubject(material.content, {
    subject: evidence.subject.digest,
    repository:
      settings.dockerReference === "exact" ? parts.repository : undefined,
    exactReference: settings.dockerReference === "exact",
    annotations: settings.annotations,
  });
  return vouch({
    evidence,
    authority: name,
    format: material.format,
    signer: who,
    times: proven.times,
    ...(statement && { statement }),
    ...(validUntil && { validUntil }),
    ...(notes && { notes }),
  });
}

interface Found {
  readonly presented: Presented | undefined;
  readonly proven: Proven;
  readonly now: Date;
}

/** Who signed, held against the policy, and until when that holds as far as it is known. */
interface Who {
  readonly who: Signer;
  readonly validUntil?: Date | undefined;
  readonly notes?: readonly string[] | undefined;
}

function requireSigner(expected: ExpectedSigner, found: Found): Who {
  const { presented, proven, now } = found;
  if (expected.kind === "key") {
    const validUntil = requireKeyInTime(expected.time, proven.times, now);
    return { who: { keyId: expected.keyId }, validUntil };
  }
  if (expected.kind === "certificate" && presented) {
    const when = { proven: proven.times, now };
    return requireOwnSigner(presented, expected.authority, when);
  }
  if (expected.kind !== "identity" || !proven.certificate) {
    throw new Refusal("OTHER_KIND", "it is signed with a bare key");
  }
  const who = signerOf(proven.certificate);
  const difference = expected.differenceIn(who);
  if (difference === undefined) return { who, notes: expected.notes };
  throw new Refusal("IDENTITY_MISMATCH", difference, { seen: who });
}

/** The identity in the evidence, proven or not, for the report. */
function seenIn(
  material: SignatureMaterial | undefined,
  kind: ExpectedSigner["kind"],
): Signer | undefined {
  const [leaf] = material?.certificates ?? [];
  if (!leaf) return undefined;
  try {
    if (kind === "certificate") return ownSignerOf(readCertificate(leaf));
    return signerOf(X509Certificate.parse(Buffer.from(leaf)));
  } catch {
    return undefined; // the refusal says already that the certificate is bad
  }
}

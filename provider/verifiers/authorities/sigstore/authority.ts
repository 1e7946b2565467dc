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
import type { Material } from "../../formats/material";
import { isSignatureLayer, readMaterial } from "../../formats/read";
import { asRefusal, reasonText, Refusal } from "../../refusal";
import type { IdentityCheck } from "../identityPattern";
import type { Place } from "../kind";
import { logRuleFor, type LogSettings } from "../logSettings";
import { requireBytes } from "../requireBytes";
import { rootsOf } from "../trustedRoot";
import { bindToSubject } from "./bindToSubject";
import { signerOf } from "./identity";
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
  const [problem] = examineRoots(settings, signer.kind);
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
    tlog: logRuleFor(root, settings, signer.kind),
  }));
}

interface Judging extends SigstoreParts {
  readonly roots: readonly UnderRoot[];
  readonly reach: Reach;
}

/** Never throws: whatever is thrown below is a rejection (T19). */
function judge(evidence: Evidence, parts: Judging): Authenticated | Rejection {
  let material: Material | undefined;
  try {
    requireBytes(evidence);
    material = readMaterial(evidence);
    if (!material) {
      throw new Refusal("UNSUPPORTED_FORMAT", "not a form that cosign writes");
    }
    return vouchFor(evidence, material, parts);
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    const seen = refusal.seen ?? seenIn(material);
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
  material: Material,
  parts: Judging,
): Authenticated {
  const { settings, roots, signer, name, reach } = parts;
  const statement = bindToSubject(material.content, {
    subject: evidence.subject.digest,
    repository:
      settings.dockerReference === "exact" ? parts.repository : undefined,
    exactReference: settings.dockerReference === "exact",
    annotations: settings.annotations,
  });
  const proven = proveWithAny(roots, {
    material,
    pinned: signer.kind === "key" ? signer.key : undefined,
  });
  const who = requireSigner(signer, proven);
  const validUntil =
    signer.kind === "key"
      ? requireKeyInTime(signer.time, proven.times, reach.now())
      : undefined;
  const notes = signer.kind === "identity" ? signer.notes : undefined;
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

function requireSigner(expected: ExpectedSigner, proven: Proven): Signer {
  if (expected.kind === "key") return { keyId: expected.keyId };
  if (!proven.certificate) {
    throw new Refusal("OTHER_KIND", "it is signed with a bare key");
  }
  const signer = signerOf(proven.certificate);
  const difference = expected.differenceIn(signer);
  if (difference === undefined) return signer;
  throw new Refusal("IDENTITY_MISMATCH", difference, { seen: signer });
}

/** The identity in the evidence, proven or not, for the report. */
function seenIn(material: Material | undefined): Signer | undefined {
  const [leaf] = material?.certificates ?? [];
  if (!leaf) return undefined;
  try {
    return signerOf(X509Certificate.parse(Buffer.from(leaf)));
  } catch {
    return undefined; // the refusal says already that the certificate is bad
  }
}

import type { KeyObject } from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import type { TrustMaterial } from "@sigstore/verify";
import type {
  Authenticated,
  Authority,
  Evidence,
  Rejection,
  Signer,
} from "../../../mirror/ports";
import { vouch } from "../../../mirror/vouch";
import type { Material } from "../../formats/material";
import { isSignatureLayer, readMaterial } from "../../formats/read";
import { asRefusal, reasonText, Refusal } from "../../refusal";
import type { IdentityCheck } from "../identityPattern";
import type { Place } from "../kind";
import type { LogSettings } from "../logSettings";
import { requireBytes } from "../requireBytes";
import { trustedRootsOf } from "../trustedRoot";
import { bindToSubject } from "./bindToSubject";
import { signerOf } from "./identity";
import type { Proven } from "./prove";
import { proveWithAny } from "./proveWithAny";
import { examineRoots, loadTrust, type Need } from "./trust";

/** Whom the authority stands for. */
export type ExpectedSigner =
  | { readonly kind: "key"; readonly key: KeyObject; readonly keyId: string }
  | {
      readonly kind: "identity";
      readonly differenceIn: IdentityCheck;
      /** in words, for messages */
      readonly wants: string;
    };

/** What `key` and `keyless` make an authority of. */
export interface SigstoreParts extends Place {
  readonly settings: LogSettings;
  readonly signer: ExpectedSigner;
  readonly needs: readonly Need[];
}

/** An authority over cosign's forms. Throws when its trusted roots cannot be used. */
export function sigstoreAuthority(parts: SigstoreParts): Authority {
  const { name, settings, needs } = parts;
  const [problem] = examineRoots(settings, needs);
  if (problem) {
    throw new Error(`${name}.${problem.path.join(".")} ${problem.reason}`);
  }
  const trusts = trustedRootsOf(settings.trustedRoots).map((document) =>
    loadTrust(document),
  );
  return {
    name,
    wants:
      parts.signer.kind === "key"
        ? `key ${parts.signer.keyId}`
        : parts.signer.wants,
    reads: (layer) => layer.via !== "sbom" && isSignatureLayer(layer),
    authenticate: (evidence) =>
      Promise.resolve(judge(evidence, { ...parts, trusts })),
  };
}

interface Judging extends SigstoreParts {
  readonly trusts: readonly TrustMaterial[];
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
  const { settings, trusts, signer, name } = parts;
  const statement = bindToSubject(material.content, {
    subject: evidence.subject.digest,
    repository:
      settings.dockerReference === "exact" ? parts.repository : undefined,
    exactReference: settings.dockerReference === "exact",
    annotations: settings.annotations,
  });
  const proven = proveWithAny(trusts, {
    material,
    tlog: settings.tlog ?? "required",
    pinned: signer.kind === "key" ? signer.key : undefined,
  });
  return vouch({
    evidence,
    authority: name,
    format: material.format,
    signer: requireSigner(signer, proven),
    times: proven.times,
    ...(statement && { statement }),
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

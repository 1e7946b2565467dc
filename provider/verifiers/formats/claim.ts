import type { Evidence } from "../../mirror/ports";
import { isLarge } from "./envelopeJson";
import { cosignSignType } from "./predicateTypes";
import { readSignatureMaterial } from "./read";
import { readStatement } from "./statement";

/** What a piece of evidence says it is, before anybody has proven it: good for leaving it out, never for letting it in. */
export type Claim =
  | { readonly kind: "signature" }
  | { readonly kind: "attestation"; readonly predicateType: string }
  /** not readable, too large to be read for anybody, or in a form that only its authority can read */
  | { readonly kind: "opaque" };

const known = new WeakMap<Evidence, Claim>();

/** Reads the claim, once for each piece; never throws. */
export function claimOf(evidence: Evidence): Claim {
  const claim = known.get(evidence) ?? read(evidence);
  known.set(evidence, claim);
  return claim;
}

function read(evidence: Evidence): Claim {
  try {
    const content = readSignatureMaterial(evidence)?.content;
    if (!content) return { kind: "opaque" };
    if (content.kind === "payload") return { kind: "signature" };
    if (isLarge(content.envelope.payload)) return { kind: "opaque" };
    const { predicateType } = readStatement(content.envelope);
    return isSignatureType(predicateType)
      ? { kind: "signature" }
      : { kind: "attestation", predicateType };
  } catch {
    return { kind: "opaque" };
  }
}

/** Whether a statement of this type is a plain signature: an attestation never is (T22). */
export function isSignatureType(predicateType: string): boolean {
  return predicateType === cosignSignType;
}

import { unsound } from "../../formats/notationEnvelope";
import { readCertificate, type Certificate } from "../../x509/certificate";
import {
  basicConstraintsOf,
  keyUsageOf,
  purposes,
  purposesOf,
} from "../../x509/extensions";
import { isIssuedBy, isSelfSigned } from "../../x509/issued";
import { subjectText } from "../../x509/names";
import { isSoundAlgorithm } from "../../x509/signature";

const maxLength = 16;

/** A signer's certificates, leaf first, its self-signed root last. */
export interface SigningChain {
  readonly leaf: Certificate;
  readonly all: readonly Certificate[];
}

/** Reads a chain that must be whole, in order and for signing code (§3.1 "Chain"); who its root is, and when it was valid, is asked elsewhere. Throws `NOTATION_INTEGRITY`, `MALFORMED` or `CERT_INVALID`. */
export function readSigningChain(ders: readonly Buffer[]): SigningChain {
  if (ders.length > maxLength) throw unsound("has too long a chain");
  const all = ders.map((der) => readCertificate(der));
  const [leaf] = all;
  if (!leaf) throw unsound("has no certificate chain");
  for (const [i, certificate] of all.entries()) {
    requireIssued(certificate, all[i + 1]);
    requireCriticalUsage(certificate);
    if (i === 0) requireSigner(certificate);
    else requireAuthority(certificate, i - 1);
  }
  return { leaf, all };
}

function requireIssued(
  certificate: Certificate,
  above: Certificate | undefined,
): void {
  if (!isSoundAlgorithm(certificate.signatureAlgorithm)) {
    throw wrong(certificate, "is signed with SHA-1, or worse");
  }
  const selfSigned = isSelfSigned(certificate);
  if (!above) {
    if (selfSigned) return;
    throw wrong(certificate, "is last, but is no root: it is not self-signed");
  }
  if (selfSigned) throw wrong(certificate, "is self-signed, but not last");
  if (isIssuedBy(certificate, above)) return;
  throw wrong(certificate, "was not issued by the next one");
}

function requireCriticalUsage(certificate: Certificate): void {
  if (keyUsageOf(certificate)?.critical) return;
  throw wrong(certificate, "has no critical key usage");
}

const foreignPurposes: readonly string[] = [
  purposes.any,
  purposes.serverAuth,
  purposes.clientAuth,
  purposes.emailProtection,
  purposes.timeStamping,
  purposes.ocspSigning,
];
/** Whatever else a key may be for; content commitment does no harm. */
const foreignUsages = [
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

function requireSigner(leaf: Certificate): void {
  if (basicConstraintsOf(leaf)?.isAuthority) {
    throw wrong(leaf, "is an authority's, not a signer's");
  }
  const usages = keyUsageOf(leaf)?.usages;
  const foreign = foreignUsages.some((usage) => usages?.has(usage));
  if (!usages?.has("digitalSignature") || foreign) {
    throw wrong(leaf, "is not for digital signatures alone (key usage)");
  }
  const found = purposesOf(leaf)?.purposes ?? [];
  if (found.some((purpose) => foreignPurposes.includes(purpose))) {
    throw wrong(leaf, "is for something else than code (extended key usage)");
  }
}

function requireAuthority(certificate: Certificate, below: number): void {
  const constraints = basicConstraintsOf(certificate);
  if (!constraints?.isAuthority || !constraints.critical) {
    throw wrong(certificate, "is no authority's (critical basic constraints)");
  }
  const { pathLength } = constraints;
  if (pathLength !== undefined && pathLength < below) {
    throw wrong(certificate, `allows ${pathLength} authorities below it`);
  }
  if (!keyUsageOf(certificate)?.usages.has("keyCertSign")) {
    throw wrong(certificate, "may not issue others (key usage)");
  }
}

function wrong(certificate: Certificate, why: string) {
  const name = JSON.stringify(subjectText(certificate));
  return unsound(`has a chain whose certificate ${name} ${why}`);
}

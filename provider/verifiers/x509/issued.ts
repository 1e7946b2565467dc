import type { Certificate } from "./certificate";

/**
 * Whether the issuer's name stands in the certificate and the issuer's key has signed it. Nothing more: node's
 * `checkIssued` also looks at key usage, and says no to a self-signed leaf without keyCertSign (§3.2).
 */
export function isIssuedBy(
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  if (!certificate.issuerDer.equals(issuer.subjectDer)) return false;
  try {
    return certificate.x509.verify(issuer.publicKey);
  } catch {
    return false; // a key that OpenSSL cannot verify this algorithm with
  }
}

/** Whether it is its own issuer, signature included. */
export function isSelfSigned(certificate: Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

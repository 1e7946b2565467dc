import type { X509Certificate } from "@sigstore/core";
import { Refusal } from "../../refusal";
import { dateOfRoot } from "../../trust/trustedRoot";
import type { Trust } from "./trust";

/** The refusal of what an embedded root does not know, and a newer one might; undefined where the user gave the root, or it was just brought up to date. */
export function outdated(trust: Trust, what: string): Refusal | undefined {
  if (!trust.embedded) return undefined;
  return new Refusal(
    "TRUST_OUTDATED",
    `${what} is not in the ${trust.embedded} root of ${dateOfRoot(trust.document)}: set trustRefresh: "tuf", take a newer release, or name the right root in trustedRoots`,
  );
}

/** The same for a certificate that no authority of an embedded root has issued, or no CT log of it has seen. */
export function outdatedFor(
  trust: Trust,
  leaf: X509Certificate,
): Refusal | undefined {
  if (!trust.embedded) return undefined;
  if (!isIssuedWithin(trust, leaf)) {
    return outdated(trust, "the certificate's issuer");
  }
  const scts = leaf.extSCT?.signedCertificateTimestamps ?? [];
  const isSeen = scts.every(({ logID }) =>
    trust.ctlogs.some((log) => log.logID.equals(logID)),
  );
  return isSeen
    ? undefined
    : outdated(trust, "the certificate's transparency log");
}

function isIssuedWithin(trust: Trust, leaf: X509Certificate): boolean {
  const authorities = trust.certificateAuthorities.flatMap(
    ({ certChain }) => certChain,
  );
  return authorities.some((authority) => isIssuedBy(leaf, authority));
}

function isIssuedBy(leaf: X509Certificate, authority: X509Certificate) {
  try {
    return leaf.issuer.equals(authority.subject) && leaf.verify(authority);
  } catch {
    return false; // a key or a signature of another kind
  }
}

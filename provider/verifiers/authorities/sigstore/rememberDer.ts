import type { X509Certificate } from "@sigstore/core";

/** Keeps a certificate's encoding: the library, which never changes one, encodes it anew at every look, and that is most of its time. */
export function rememberDer(certificate: X509Certificate): void {
  for (const object of [certificate.root, certificate.tbsCertificate]) {
    const der = object.toDER();
    object.toDER = () => der;
  }
}

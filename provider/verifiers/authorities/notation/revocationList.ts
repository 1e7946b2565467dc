import { isBase64 } from "../../formats/base64";
import { readDer, requireTag, tags } from "../x509/asn1";

const pem =
  /^-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----$/;

/** One certificate revocation list, PEM or base64 of its DER, as DER; who signed it is asked later. Throws an `Error` for what is none. */
export function readRevocationList(text: string): Buffer {
  const bare = text.trim();
  const base64 = (pem.exec(bare)?.[1] ?? bare).replaceAll(/\s/g, "");
  if (base64 === "" || !isBase64(base64)) {
    throw new Error(
      'is no certificate revocation list: give PEM that begins with "-----BEGIN X509 CRL-----", or base64 of its DER',
    );
  }
  const der = Buffer.from(base64, "base64");
  try {
    requireTag(readDer(der), tags.sequence);
  } catch (cause) {
    throw new Error("is no certificate revocation list", { cause });
  }
  return der;
}

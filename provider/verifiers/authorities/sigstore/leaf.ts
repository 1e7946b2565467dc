import type { X509Certificate } from "@sigstore/core";
import { extensionsOf, invalid, parseDer, type Extension } from "./der";

const oids = {
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** Extensions that may be critical because we, or the library, honour them. */
const honoured: ReadonlySet<string> = new Set([
  ...Object.values(oids),
  "2.5.29.14", // subject key id
  "2.5.29.17", // subject alternative name
  "2.5.29.35", // authority key id
]);
const codeSigning = "1.3.6.1.5.5.7.3.3";

/** Refuses a leaf that may not sign code (T26; the library does not look, §1.5 gap 10). */
export function requireSigningLeaf(leaf: X509Certificate): void {
  const extensions = extensionsOf(leaf);
  for (const { oid, critical } of extensions.values()) {
    if (critical && !honoured.has(oid)) {
      throw invalid(`has an unknown critical extension ${oid}`);
    }
  }
  if (isAuthority(extensions.get(oids.basicConstraints))) {
    throw invalid("is an authority's, not a signer's");
  }
  if (!maySign(extensions.get(oids.keyUsage))) {
    throw invalid("is not for signatures (key usage)");
  }
  if (
    !purposesOf(extensions.get(oids.extendedKeyUsage)).includes(codeSigning)
  ) {
    throw invalid("is not for code signing (extended key usage)");
  }
}

/** Refuses certificates beside the leaf that are self-issued: a root never comes with the evidence (§1.4). */
export function requireNoRoot(others: readonly X509Certificate[]): void {
  if (others.some(({ issuer, subject }) => issuer.equals(subject))) {
    throw invalid("comes with a root, which evidence may not supply");
  }
}

function isAuthority(extension: Extension | undefined): boolean {
  if (!extension) return false;
  const [first] = parseDer(extension.value).subs;
  return first?.tag.isBoolean() === true && first.toBoolean();
}

function maySign(extension: Extension | undefined): boolean {
  if (!extension) return true; // RFC 5280 §4.2.1.3: absent means any
  const bits = parseDer(extension.value).toBitString();
  const [digitalSignature] = bits;
  const keyCertSign = bits[5];
  return digitalSignature === 1 && keyCertSign !== 1;
}

function purposesOf(extension: Extension | undefined): readonly string[] {
  if (!extension) return [];
  return parseDer(extension.value).subs.map((purpose) => purpose.toOID());
}

import { ASN1Obj, type X509Certificate } from "@sigstore/core";
import { Refusal } from "../../refusal";

/** One extension of a certificate, its value as it stands. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** The certificate's extensions by OID. Throws `CERT_INVALID` when one is there twice. */
export function extensionsOf(
  certificate: X509Certificate,
): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const { subs } of certificate.extensions) {
    const [first, second] = subs;
    const last = subs.at(-1);
    if (!first || !last) throw invalid("has an empty extension");
    const oid = first.toOID();
    if (extensions.has(oid)) throw invalid(`has extension ${oid} twice`);
    const critical = subs.length === 3 && second?.toBoolean() === true;
    extensions.set(oid, { oid, critical, value: last.value });
  }
  return extensions;
}

/** The value of an extension as ASN.1. */
export function parseDer(value: Buffer): ASN1Obj {
  return ASN1Obj.parseBuffer(Buffer.from(value));
}

/** Bytes as strict UTF-8. */
export function utf8(value: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      value,
    );
  } catch (cause) {
    throw invalid(`has ${what} that is not UTF-8`, cause);
  }
}

/** Bytes as printable ASCII: what an IA5String may hold without fooling a reader (§1.5 gap 7). */
export function ascii(value: Uint8Array, what: string): string {
  if (value.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    return Buffer.from(value).toString("latin1");
  }
  throw invalid(`has ${what} that is not printable ASCII`);
}

/** The text of a DER UTF8String. */
export function utf8String(value: Buffer, what: string): string {
  const object = parseDer(value);
  const { tag } = object;
  if (tag.class !== 0 || tag.number !== 12) {
    throw invalid(`has ${what} that is no UTF8String`);
  }
  return utf8(object.value, what);
}

/** A refusal that says what is wrong with the certificate. */
export function invalid(what: string, cause?: unknown): Refusal {
  return new Refusal("CERT_INVALID", `the certificate ${what}`, { cause });
}

import { createHash } from "node:crypto";
import { membersOf, tags, type Der } from "../x509/asn1";
import { encode } from "../x509/ber";
import type { Certificate } from "../x509/certificate";
import { integerOf, oidOf } from "../x509/values";

/** A certificate whose status is asked, and who issued it. */
export interface Subject {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** SHA-1 names the issuer here and secures nothing; many responders know no other (RFC 6960 §4.3). */
const sha1 = Buffer.from("300906052b0e03021a0500", "hex");
const hashes: ReadonlyMap<string, string> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** `OCSPRequest` for one certificate, without a nonce, so that responders may answer what they have ready. */
export function ocspRequest({ certificate, issuer }: Subject): Buffer {
  const octets = (bytes: Buffer): Buffer =>
    encode(tags.octetString, createHash("sha1").update(bytes).digest());
  const id = sequence(
    sha1,
    octets(issuer.subjectDer),
    octets(issuer.keyBits),
    serialDer(certificate.serial),
  );
  return sequence(sequence(sequence(sequence(id))));
}

/** Whether a `CertID` names this certificate of this issuer. */
export function isAbout(id: Der, { certificate, issuer }: Subject): boolean {
  const members = membersOf(id);
  const algorithm = membersOf(members.take(tags.sequence));
  const hash = hashes.get(oidOf(algorithm.take(tags.oid)));
  const name = members.take(tags.octetString).value;
  const key = members.take(tags.octetString).value;
  const serial = integerOf(members.take(tags.integer));
  members.end();
  if (hash === undefined || serial !== certificate.serial) return false;
  const digest = (bytes: Buffer): Buffer =>
    createHash(hash).update(bytes).digest();
  return (
    name.equals(digest(issuer.subjectDer)) && key.equals(digest(issuer.keyBits))
  );
}

/** A serial number as it stands in lists and requests. */
export function serialDer(serial: bigint): Buffer {
  for (let bytes = 1; ; bytes++) {
    if (BigInt.asIntN(bytes * 8, serial) !== serial) continue;
    const digits = BigInt.asUintN(bytes * 8, serial).toString(16);
    const value = Buffer.from(digits.padStart(bytes * 2, "0"), "hex");
    return encode(tags.integer, value);
  }
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return encode(tags.sequence, Buffer.concat(parts));
}

import { constants, verify, type KeyObject } from "node:crypto";
import { membersOf, tags, type Der } from "./asn1";
import { oidOf } from "./values";

/** The hashes that count, by OID; SHA-1 and MD5 do not. */
const hashes: ReadonlyMap<string, string> = new Map([
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

const pss = "1.2.840.113549.1.1.10";
const ed25519 = "1.3.101.112";
/** Algorithms that leave the hash to the `digestAlgorithm` beside them. */
const hashElsewhere: readonly string[] = [
  "1.2.840.113549.1.1.1",
  "1.2.840.10045.2.1",
];
const hashOfAlgorithm: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

/** Whether a certificate's signature algorithm is one of today (no SHA-1, no MD5). */
export function isSoundAlgorithm(oid: string): boolean {
  return hashOfAlgorithm.has(oid) || oid === pss || oid === ed25519;
}

/** The hash that an `AlgorithmIdentifier` names, as node writes it, or undefined for one that does not count. */
export function hashOf(algorithm: Der): string | undefined {
  return hashes.get(oidOf(membersOf(algorithm).take(tags.oid)));
}

/** Signed bytes, with what is said about how. */
export interface SignedBytes {
  readonly data: Buffer;
  readonly signature: Buffer;
  /** `AlgorithmIdentifier` of the signature */
  readonly algorithm: Der;
  /** CMS only: the hash that stands beside the algorithm */
  readonly digest?: string;
}

/** Whether the key has signed the bytes. Algorithms that do not count are a no. */
export function isSignedBy(key: KeyObject, signed: SignedBytes): boolean {
  const members = membersOf(signed.algorithm);
  const oid = oidOf(members.take(tags.oid));
  if (oid === pss) return verifyPss(key, signed, members.rest());
  if (oid === ed25519) return holds(null, signed, { key });
  const hash = hashElsewhere.includes(oid)
    ? signed.digest
    : hashOfAlgorithm.get(oid);
  return hash !== undefined && holds(hash, signed, { key });
}

/** RSASSA-PSS; OpenSSL takes the mask's hash to be the message's, which is what everybody writes. */
function verifyPss(
  key: KeyObject,
  signed: SignedBytes,
  [parameters]: readonly Der[],
): boolean {
  if (!parameters) return false; // the default is SHA-1
  const holder = membersOf(parameters).maybe(0xa0);
  if (!holder) return false;
  const hash = hashOf(membersOf(holder, 0xa0).take(tags.sequence));
  if (hash === undefined) return false;
  return holds(hash, signed, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_AUTO,
  });
}

function holds(
  hash: string | null,
  { data, signature }: SignedBytes,
  key: Parameters<typeof verify>[2],
): boolean {
  try {
    return verify(hash, data, key, signature);
  } catch {
    return false; // another kind of key
  }
}

import { createHash, X509Certificate, type KeyObject } from "node:crypto";
import { textOf } from "../../mirror/textOf";
import { Refusal } from "../refusal";
import {
  contextTag,
  membersOf,
  NotDer,
  partsOf,
  readDer,
  requireTag,
  tags,
  type Der,
} from "./asn1";
import { booleanOf, integerOf, octetsOf, oidOf, timeOf } from "./values";

/** An extension of a certificate, a list or a response, its value as it stands. */
export interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Extensions by OID. */
export type Extensions = ReadonlyMap<string, Extension>;

/** One certificate, read strictly; nothing in it is proven. */
export interface Certificate {
  readonly der: Buffer;
  readonly x509: X509Certificate;
  /** `Name`, DER */
  readonly subjectDer: Buffer;
  /** `Name`, DER */
  readonly issuerDer: Buffer;
  readonly serial: bigint;
  readonly publicKey: KeyObject;
  /** the content of the SPKI's bit string, which OCSP hashes */
  readonly keyBits: Buffer;
  readonly extensions: Extensions;
  /** the OID of the algorithm it is signed with */
  readonly signatureAlgorithm: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const maxBytes = 64 * 1024;

/** Reads one certificate. Throws `MALFORMED` for what is none, `CERT_INVALID` for one that can be read in two ways. */
export function readCertificate(der: Uint8Array): Certificate {
  const bytes = Buffer.from(der);
  if (bytes.length > maxBytes) throw malformed("is too large");
  try {
    return parse(bytes);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw malformed(
      thrown instanceof NotDer ? thrown.message : `: ${textOf(thrown)}`,
      thrown,
    );
  }
}

const pemBlock =
  /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** All certificates of a PEM text, in its order. Throws when it holds anything else, or none. */
export function readCertificates(pem: string): readonly Certificate[] {
  const left = pem.replaceAll(pemBlock, "");
  if (left.trim() !== "") {
    throw new Refusal("MALFORMED", "holds something that is no certificate");
  }
  const found = [...pem.matchAll(pemBlock)].map(([, base64 = ""]) =>
    readCertificate(Buffer.from(base64, "base64")),
  );
  if (found.length === 0) {
    throw new Refusal("MALFORMED", "holds no certificate");
  }
  return found;
}

/** `sha256:` of the certificate: how a report tells certificates apart. */
export function fingerprintOf({ der }: Pick<Certificate, "der">): string {
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

/** Reads `Extensions` (RFC 5280 §4.1.2.9). Throws `CERT_INVALID` when one is there twice. */
export function readExtensions(list: Der): Extensions {
  const extensions = new Map<string, Extension>();
  for (const one of partsOf(requireTag(list, tags.sequence))) {
    const members = membersOf(one);
    const oid = oidOf(members.take(tags.oid));
    const critical = members.maybe(tags.boolean);
    const { value } = members.take(tags.octetString);
    members.end();
    if (extensions.has(oid)) {
      throw certInvalid(`has extension ${oid} twice`);
    }
    extensions.set(oid, {
      critical: critical !== undefined && booleanOf(critical),
      value,
    });
  }
  return extensions;
}

/** A refusal that says what is wrong with a certificate. */
export function certInvalid(what: string, cause?: unknown): Refusal {
  return new Refusal("CERT_INVALID", `the certificate ${what}`, { cause });
}

function malformed(what: string, cause?: unknown): Refusal {
  return new Refusal("MALFORMED", `a certificate ${what}`, { cause });
}

/** `Certificate` of RFC 5280 §4.1. */
function parse(der: Buffer): Certificate {
  const outer = membersOf(readDer(der));
  const tbs = membersOf(outer.take(tags.sequence));
  const algorithm = outer.take(tags.sequence);
  octetsOf(outer.take(tags.bitString));
  outer.end();
  const version = tbs.maybe(contextTag(0, true));
  if (!version || integerOf(readDer(version.value)) !== 2n) {
    throw certInvalid("is not of version 3");
  }
  const serial = integerOf(tbs.take(tags.integer));
  const inner = tbs.take(tags.sequence);
  if (!inner.bytes.equals(algorithm.bytes)) {
    throw certInvalid("names two signature algorithms");
  }
  const issuer = tbs.take(tags.sequence);
  const validity = membersOf(tbs.take(tags.sequence));
  const notBefore = timeOf(validity.any());
  const notAfter = timeOf(validity.any());
  validity.end();
  const subject = tbs.take(tags.sequence);
  const spki = membersOf(tbs.take(tags.sequence));
  spki.any();
  const x509 = new X509Certificate(der);
  return {
    der,
    x509,
    subjectDer: subject.bytes,
    issuerDer: issuer.bytes,
    serial,
    publicKey: requireBoundedKey(x509.publicKey),
    keyBits: octetsOf(spki.take(tags.bitString)),
    extensions: extensionsIn(tbs.rest()),
    signatureAlgorithm: oidOf(membersOf(algorithm).take(tags.oid)),
    notBefore,
    notAfter,
  };
}

const keyTypes: readonly unknown[] = [
  "rsa",
  "rsa-pss",
  "ec",
  "ed25519",
  "ed448",
];
const maxModulus = 8192;
const maxExponent = 2n ** 32n;

/** Refuses a key that nobody has but who wants others to spend their time on it: a path of them would take seconds. */
function requireBoundedKey(key: KeyObject): KeyObject {
  const { modulusLength = 0, publicExponent = 0n } =
    key.asymmetricKeyDetails ?? {};
  const isBounded =
    keyTypes.includes(key.asymmetricKeyType) &&
    modulusLength <= maxModulus &&
    publicExponent <= maxExponent;
  if (isBounded) return key;
  throw certInvalid("has a key of a kind or size that is not taken");
}

/** What stands behind the key: the old unique ids, which nobody uses, and the extensions. */
function extensionsIn(rest: readonly Der[]): Extensions {
  const [only, ...others] = rest;
  if (!only) return new Map();
  if (others.length > 0 || only.tag !== contextTag(3, true)) {
    throw certInvalid("has members of an old version");
  }
  return readExtensions(readDer(only.value));
}

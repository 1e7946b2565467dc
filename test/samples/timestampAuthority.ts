import { createHash, sign, type KeyObject } from "node:crypto";
import {
  constructed,
  inside,
  integer,
  nothing,
  octetString,
  oid,
  sequence,
  set,
  generalizedTime,
} from "./derWriter";
import {
  algorithmOf,
  extensions,
  purposeOids,
  type CertificateWish,
  type Issued,
  type Issuer,
} from "./pki";

const sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"));

/** What a token says; each part may be wrong on purpose. */
export interface TokenWish {
  readonly time?: Date;
  /** digits behind the seconds, as they stand: `.1234567` */
  readonly fraction?: string;
  /** `Accuracy`, DER */
  readonly accuracy?: Buffer;
  readonly policy?: string;
  /** certificates in the token besides the signer's */
  readonly others?: readonly Issued[];
  /** the certificate that the signed attribute names */
  readonly named?: Issued;
  /** the certificate that the unsigned identifier names */
  readonly identified?: Issued;
  readonly signedBy?: KeyObject;
  /** leaves a signed attribute out, by OID */
  readonly without?: string;
  /** extensions of the TSTInfo */
  readonly extensions?: readonly Buffer[];
  /** hash of the imprint, with its OID */
  readonly imprint?: { readonly hash: string; readonly oid: string };
  readonly contentType?: string;
}

export const attributes = {
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;
const timestampInfo = "1.2.840.113549.1.9.16.1.4";

/** A certificate for timestamps. */
export function timestamper(
  issuer: Issuer,
  wish: CertificateWish = {},
): Issued {
  return issuer.issue({
    name: "tsa",
    extensions: [
      extensions.keyUsage([0]),
      extensions.purposes([purposeOids.timeStamping], true),
    ],
    ...wish,
  });
}

/** A `TimeStampToken` over bytes. */
export function stamp(
  authority: Issued,
  bytes: Uint8Array,
  wish: TokenWish = {},
): Buffer {
  const content = infoOf(bytes, wish);
  const { contentType = timestampInfo } = wish;
  const signed = signedAttributes(content, wish.named ?? authority, wish);
  const { identified = authority, others = [] } = wish;
  const data = sequence(
    integer(3),
    set(sha256),
    sequence(oid(contentType), constructed(0, octetString(content))),
    constructed(0, authority.der, ...others.map((other) => other.der)),
    set(
      sequence(
        integer(1),
        sequence(issuerOf(identified.der), integer(identified.serial)),
        sha256,
        constructed(0, inside(signed)),
        algorithmFor(authority.privateKey),
        octetString(
          sign("sha256", signed, wish.signedBy ?? authority.privateKey),
        ),
      ),
    ),
  );
  return sequence(oid("1.2.840.113549.1.7.2"), constructed(0, data));
}

/** A `TimeStampResp` with a token, as cosign stores it. */
export function responseWith(token: Buffer, status = 0): Buffer {
  return sequence(sequence(integer(status)), token);
}

/** The same CMS as BER may write it: an endless sequence around, and the content in two pieces. */
export function asBer(token: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x30, 0x80]),
    inside(token),
    Buffer.from([0, 0]),
  ]);
}

function infoOf(bytes: Uint8Array, wish: TokenWish): Buffer {
  const { hash, oid: hashOid } = wish.imprint ?? {
    hash: "sha256",
    oid: "2.16.840.1.101.3.4.2.1",
  };
  return sequence(
    integer(1),
    oid(wish.policy ?? "1.2.3.4"),
    sequence(
      sequence(oid(hashOid), nothing()),
      octetString(createHash(hash).update(bytes).digest()),
    ),
    integer(42),
    generalizedTime(wish.time ?? new Date(), wish.fraction),
    ...(wish.accuracy ? [wish.accuracy] : []),
    ...(wish.extensions ? [constructed(1, ...wish.extensions)] : []),
  );
}

function signedAttributes(
  content: Buffer,
  named: Issued,
  wish: TokenWish,
): Buffer {
  const hash = (value: Uint8Array): Buffer =>
    createHash("sha256").update(value).digest();
  const all: readonly (readonly [string, Buffer])[] = [
    [attributes.contentType, oid(wish.contentType ?? timestampInfo)],
    [attributes.messageDigest, octetString(hash(content))],
    [
      attributes.signingCertificateV2,
      sequence(sequence(sequence(octetString(hash(named.der))))),
    ],
  ];
  const kept = all.filter(([id]) => id !== wish.without);
  return set(...kept.map(([id, value]) => sequence(oid(id), set(value))));
}

function algorithmFor(key: KeyObject): Buffer {
  const { algorithm } = algorithmOf(key);
  return key.asymmetricKeyType === "rsa"
    ? algorithm
    : sequence(oid("1.2.840.10045.4.3.2"));
}

/** The issuer's name inside a certificate. */
function issuerOf(certificate: Buffer): Buffer {
  const parts = split(inside(split(inside(certificate))[0] ?? Buffer.alloc(0)));
  return parts[3] ?? Buffer.alloc(0);
}

function split(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const content = inside(bytes.subarray(at));
    const start = bytes.length - at - content.length;
    const first = bytes[at + 1] ?? 0;
    const length =
      first < 0x80 ? first : bytes.readUIntBE(at + 2, first & 0x7f);
    found.push(bytes.subarray(at, at + start + length));
    at += start + length;
  }
  return found;
}

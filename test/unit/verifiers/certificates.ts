import {
  createHash,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import { certificatePem, pemOf, type Signer } from "../../samples/signers";

/** What a certificate says; each part may be wrong on purpose. */
export interface CertificateOptions {
  readonly issuer?: string;
  /** Fulcio's issuer in the new place, where it is to be another one */
  readonly issuerV2?: string;
  /** GeneralNames, DER */
  readonly names?: readonly Buffer[];
  readonly extendedKeyUsage?: string | undefined;
  readonly keyUsage?: Buffer;
  readonly isAuthority?: boolean;
  /** from when to when, if not as long as its authority */
  readonly validity?: readonly [Date, Date];
  readonly more?: readonly Buffer[];
}

/** A certificate authority that issues whatever it is asked for, and never logs. */
export interface Authority {
  readonly certificate: Buffer;
  issue(options?: CertificateOptions): Signer;
}

const fulcio = "1.3.6.1.4.1.57264.1";
const codeSigning = "1.3.6.1.5.5.7.3.3";
const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const dayMs = 24 * 60 * 60 * 1000;

/** A fresh authority; `start` is when its certificates begin, they last a day. */
export function createAuthority(start: Date): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = "careless ca";
  const end = new Date(start.getTime() + dayMs);
  const certificate = certify(
    {
      subject: name,
      issuer: name,
      key: own.publicKey,
      validity: [start, end],
      extensions: [
        extension("2.5.29.19", sequence(boolean(true)), true),
        extension("2.5.29.15", der(0x03, Buffer.from([1, 6])), true),
      ],
    },
    own.privateKey,
  );
  return {
    certificate,
    issue(options = {}) {
      const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const spki = leaf.publicKey.export({ type: "spki", format: "der" });
      return {
        publicKeyPem: pemOf(leaf.publicKey),
        hint: createHash("sha256").update(spki).digest("base64"),
        chainPem: certificatePem(certificate),
        sign: (bytes) => sign("sha256", bytes, leaf.privateKey),
        certificate: certify(
          {
            subject: "",
            issuer: name,
            key: leaf.publicKey,
            validity: options.validity ?? [start, end],
            extensions: leafExtensions(options),
          },
          own.privateKey,
        ),
      };
    },
  };
}

/** A GeneralName that is a URI. */
export function uri(text: string): Buffer {
  return der(0x86, Buffer.from(text, "latin1"));
}

/** A GeneralName that is an e-mail address. */
export function email(text: string): Buffer {
  return der(0x81, Buffer.from(text, "latin1"));
}

/** A GeneralName in Fulcio's own form. */
export function otherName(text: string): Buffer {
  const value = der(0xa0, utf8String(text));
  return der(0xa0, Buffer.concat([oid(`${fulcio}.7`), value]));
}

/** An extension, its value as DER. */
export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [boolean(true)] : [];
  return sequence(oid(id), ...flag, der(0x04, value));
}

function leafExtensions(options: CertificateOptions): readonly Buffer[] {
  const { issuer = "https://issuer.example", names } = options;
  const usage =
    "extendedKeyUsage" in options ? options.extendedKeyUsage : codeSigning;
  return [
    extension(
      "2.5.29.15",
      options.keyUsage ?? der(0x03, Buffer.from([7, 0x80])),
      true,
    ),
    ...(usage ? [extension("2.5.29.37", sequence(oid(usage)))] : []),
    ...(options.isAuthority
      ? [extension("2.5.29.19", sequence(boolean(true)), true)]
      : []),
    extension(
      "2.5.29.17",
      sequence(...(names ?? [uri("https://acme.example/app")])),
    ),
    extension(`${fulcio}.1`, Buffer.from(issuer)),
    extension(`${fulcio}.8`, utf8String(options.issuerV2 ?? issuer)),
    ...(options.more ?? []),
  ];
}

interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly validity: readonly [Date, Date];
  readonly extensions: readonly Buffer[];
}

function certify(content: Certificate, key: KeyObject): Buffer {
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, 2, 3])),
    ecdsaWithSha256,
    distinguishedName(content.issuer),
    sequence(...content.validity.map(utcTime)),
    distinguishedName(content.subject),
    content.key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...content.extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", tbs, key)]);
  return sequence(tbs, ecdsaWithSha256, der(0x03, signature));
}

function distinguishedName(text: string): Buffer {
  if (text === "") return sequence();
  return sequence(der(0x31, sequence(oid("2.5.4.3"), utf8String(text))));
}

function utcTime(time: Date): Buffer {
  const digits = time
    .toISOString()
    .replace(/[-:T]|\.\d+/g, "")
    .slice(2);
  return der(0x17, Buffer.from(digits));
}

function utf8String(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

function boolean(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return der(0x06, Buffer.from(bytes));
}

function base128(arc: number): readonly number[] {
  const low = arc % 128;
  const high = base128High(Math.floor(arc / 128));
  return [...high, low];
}

function base128High(arc: number): readonly number[] {
  if (arc === 0) return [];
  return [...base128High(Math.floor(arc / 128)), (arc % 128) | 0x80];
}

function der(tag: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(value.length)]), value]);
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

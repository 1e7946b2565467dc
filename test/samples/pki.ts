import {
  generateKeyPairSync,
  sign,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from "node:crypto";
import {
  bitString,
  boolean,
  constructed,
  integer,
  namedBits,
  nothing,
  octetString,
  oid,
  primitive,
  printableString,
  sequence,
  set,
  utcTime,
  utf8String,
} from "./derWriter";
import { certificatePem } from "./signers";

/** Kinds of keys that certificates are made for. */
export type KeyKind = "P-256" | "P-384" | "P-521" | "RSA-2048" | "RSA-3072";

/** One attribute of a name: `["CN", "acme"]`. */
export type NamePart = readonly [attribute: string, text: string];

/** What a certificate says; each part may be wrong on purpose. */
export interface CertificateWish {
  readonly name?: readonly NamePart[] | string;
  readonly key?: KeyKind;
  /** a key that exists already */
  readonly keys?: KeyPairKeyObjectResult;
  readonly serial?: number | bigint;
  readonly validity?: readonly [Date, Date];
  /** extensions of this certificate; the default suits its use */
  readonly extensions?: readonly Buffer[];
  /** extensions besides */
  readonly more?: readonly Buffer[];
  /** OID of the signature's algorithm, where it is to be another one than the key's */
  readonly signatureAlgorithm?: Buffer;
  /** the hash, where it is to be another one */
  readonly hash?: string;
}

/** A certificate and its private key. */
export interface Issued {
  readonly der: Buffer;
  readonly pem: string;
  /** `Name`, DER */
  readonly name: Buffer;
  readonly serial: number | bigint;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An authority that issues whatever it is asked for. */
export interface Issuer extends Issued {
  /** A leaf: by default for code signing, as notation wants it. */
  issue(wish?: CertificateWish): Issued;
  /** An authority below. */
  authority(wish?: CertificateWish): Issuer;
}

const dayMs = 24 * 60 * 60 * 1000;
const attributeOids: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
};
export const purposeOids = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  ocspSigning: "1.3.6.1.5.5.7.3.9",
} as const;

/** An extension, its value as DER. */
export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [boolean(true)] : [];
  return sequence(oid(id), ...flag, octetString(value));
}

/** Extensions that the samples use, ready made. */
export const extensions = {
  authority: (pathLength?: number): Buffer =>
    extension(
      "2.5.29.19",
      sequence(
        boolean(true),
        ...(pathLength === undefined ? [] : [integer(pathLength)]),
      ),
      true,
    ),
  /** numbers of bits: 0 digitalSignature, 5 keyCertSign, 6 cRLSign */
  keyUsage: (bits: readonly number[], critical = true): Buffer =>
    extension("2.5.29.15", namedBits(...bits), critical),
  purposes: (ids: readonly string[], critical = false): Buffer =>
    extension("2.5.29.37", sequence(...ids.map(oid)), critical),
  uris: (...uris: readonly string[]): Buffer =>
    extension("2.5.29.17", sequence(...uris.map(uriName))),
  ocsp: (...urls: readonly string[]): Buffer =>
    extension(
      "1.3.6.1.5.5.7.1.1",
      sequence(
        ...urls.map((url) => sequence(oid("1.3.6.1.5.5.7.48.1"), uriName(url))),
      ),
    ),
  crl: (...urls: readonly string[]): Buffer =>
    extension("2.5.29.31", sequence(...urls.map(distributionPoint))),
} as const;

/** A root that signed itself. */
export function createRoot(wish: CertificateWish = {}): Issuer {
  const keys = wish.keys ?? keysOf(wish.key);
  const name = nameOf(wish.name ?? "root");
  return issuerOf(
    certify(
      { extensions: authorityExtensions(), ...wish, keys },
      { name, privateKey: keys.privateKey },
    ),
  );
}

/** A certificate that signed itself and is no authority, as `notation cert generate-test` makes it. */
export function createSelfSigned(wish: CertificateWish = {}): Issued {
  const keys = wish.keys ?? keysOf(wish.key);
  const name = nameOf(wish.name ?? "self");
  return certify(
    { extensions: leafExtensions(), ...wish, keys },
    { name, privateKey: keys.privateKey },
  );
}

/** Signs as a certificate, a list or a response is signed: the algorithm, and the signature's bits. */
export function signDer(
  content: Buffer,
  privateKey: KeyObject,
  wish: Pick<CertificateWish, "signatureAlgorithm" | "hash"> = {},
): readonly [Buffer, Buffer] {
  const { hash, algorithm } = algorithmOf(privateKey);
  const signature = sign(wish.hash ?? hash, content, privateKey);
  return [wish.signatureAlgorithm ?? algorithm, bitString(signature)];
}

/** How a key signs by default. */
export function algorithmOf(key: KeyObject): {
  readonly hash: string;
  readonly algorithm: Buffer;
} {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === undefined) {
    return {
      hash: "sha256",
      algorithm: sequence(oid("1.2.840.113549.1.1.11"), nothing()),
    };
  }
  const [hash, last] =
    curve === "secp384r1"
      ? ["sha384", 3]
      : curve === "secp521r1"
        ? ["sha512", 4]
        : ["sha256", 2];
  return {
    hash: `${hash}`,
    algorithm: sequence(oid(`1.2.840.10045.4.3.${last}`)),
  };
}

/** A distinguished name; a text is a common name. */
function nameOf(name: readonly NamePart[] | string): Buffer {
  const parts: readonly NamePart[] =
    typeof name === "string" ? (name === "" ? [] : [["CN", name]]) : name;
  return sequence(
    ...parts.map(([attribute, text]) =>
      set(
        sequence(
          oid(attributeOids[attribute] ?? attribute),
          attribute === "C" ? printableString(text) : utf8String(text),
        ),
      ),
    ),
  );
}

/** A GeneralName that is a URI. */
export function uriName(uri: string): Buffer {
  return primitive(6, Buffer.from(uri, "latin1"));
}

/** A key pair. */
export function keysOf(kind: KeyKind = "P-256"): KeyPairKeyObjectResult {
  const [family, size] = kind.split("-");
  return family === "RSA"
    ? generateKeyPairSync("rsa", { modulusLength: Number(size) })
    : generateKeyPairSync("ec", { namedCurve: kind });
}

function issuerOf(issued: Issued): Issuer {
  const make = (wish: CertificateWish, usual: readonly Buffer[]): Issued =>
    certify(
      { extensions: usual, ...wish, keys: wish.keys ?? keysOf(wish.key) },
      {
        name: nameOf(wish.name ?? "leaf"),
        privateKey: issued.privateKey,
        issuer: issued.name,
      },
    );
  return {
    ...issued,
    issue: (wish = {}) => make(wish, leafExtensions()),
    authority: (wish = {}) =>
      issuerOf(make({ name: "intermediate", ...wish }, authorityExtensions())),
  };
}

let serials = 1000;

interface By {
  readonly name: Buffer;
  readonly privateKey: KeyObject;
  readonly issuer?: Buffer;
}

function certify(
  wish: CertificateWish & { readonly keys: KeyPairKeyObjectResult },
  by: By,
): Issued {
  const { keys, serial = ++serials, more = [] } = wish;
  const now = Date.now();
  const { validity = [new Date(now - dayMs), new Date(now + 30 * dayMs)] } =
    wish;
  const algorithm =
    wish.signatureAlgorithm ?? algorithmOf(by.privateKey).algorithm;
  const content = sequence(
    constructed(0, integer(2)),
    integer(serial),
    algorithm,
    by.issuer ?? by.name,
    sequence(...validity.map(utcTime)),
    by.name,
    keys.publicKey.export({ type: "spki", format: "der" }),
    constructed(3, sequence(...(wish.extensions ?? []), ...more)),
  );
  const bytes = sequence(content, ...signDer(content, by.privateKey, wish));
  return {
    der: bytes,
    pem: certificatePem(bytes),
    name: by.name,
    serial,
    privateKey: keys.privateKey,
    publicKey: keys.publicKey,
  };
}

function authorityExtensions(): readonly Buffer[] {
  return [extensions.authority(), extensions.keyUsage([5, 6])];
}

function leafExtensions(): readonly Buffer[] {
  return [
    extensions.keyUsage([0]),
    extensions.purposes([purposeOids.codeSigning]),
  ];
}

function distributionPoint(url: string): Buffer {
  return sequence(constructed(0, constructed(0, uriName(url))));
}

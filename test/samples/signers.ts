import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

/** The kinds of key that a policy may name. */
export const keyKinds = [
  "ecdsa-p256",
  "ecdsa-p384",
  "ecdsa-p521",
  "rsa-pkcs1",
  "rsa-pss",
  "ed25519",
] as const;

/** One of `keyKinds`. */
export type KeyKind = (typeof keyKinds)[number];

/** Somebody who signs: with a bare key, or with a certificate over one. */
export interface Signer {
  readonly publicKeyPem: string;
  /** base64 of the SHA-256 of the SPKI, as bundles hint at a key */
  readonly hint: string;
  /** DER of the leaf, where it is keyless */
  readonly certificate?: Buffer;
  /** PEM of what issued the leaf, where it is keyless */
  readonly chainPem?: string;
  sign(bytes: Uint8Array): Buffer;
}

/** A signer with a key of its own, which `cosign import-key-pair` takes too. */
export interface KeySigner extends Signer {
  readonly privateKeyPem: string;
  /** `sha256:` of the SPKI DER */
  readonly keyId: string;
}

/** A fresh key. EC keys sign over the hash of their size, unless told `sha256`, as cosign does for every key; RSA over SHA-256, Ed25519 over the bytes. */
export function keySigner(
  kind: KeyKind = "ecdsa-p256",
  hash?: "sha256",
): KeySigner {
  const { publicKey, privateKey } = generate(kind);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const digest = createHash("sha256").update(spki).digest();
  return {
    publicKeyPem: pemOf(publicKey),
    privateKeyPem: privateKey
      .export({ type: "pkcs8", format: "pem" })
      .toString(),
    keyId: `sha256:${digest.toString("hex")}`,
    hint: digest.toString("base64"),
    sign: (bytes) =>
      hash && kind.startsWith("ecdsa-")
        ? sign(hash, bytes, privateKey)
        : signWith(kind, privateKey, bytes),
  };
}

/** The PEM of a public key. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** The PEM of a certificate's DER. */
export function certificatePem(der: Uint8Array): string {
  const text = Buffer.from(der).toString("base64");
  const lines = text.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function generate(kind: KeyKind): {
  publicKey: KeyObject;
  privateKey: KeyObject;
} {
  switch (kind) {
    case "ecdsa-p256":
      return generateKeyPairSync("ec", { namedCurve: "P-256" });
    case "ecdsa-p384":
      return generateKeyPairSync("ec", { namedCurve: "P-384" });
    case "ecdsa-p521":
      return generateKeyPairSync("ec", { namedCurve: "P-521" });
    case "rsa-pkcs1":
    case "rsa-pss":
      return generateKeyPairSync("rsa", { modulusLength: 2048 });
    case "ed25519":
      return generateKeyPairSync("ed25519");
  }
}

function signWith(kind: KeyKind, key: KeyObject, bytes: Uint8Array): Buffer {
  switch (kind) {
    case "ecdsa-p256":
    case "rsa-pkcs1":
      return sign("sha256", bytes, key);
    case "ecdsa-p384":
      return sign("sha384", bytes, key);
    case "ecdsa-p521":
      return sign("sha512", bytes, key);
    case "rsa-pss":
      return sign("sha256", bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case "ed25519":
      return sign(null, bytes, key);
  }
}

import { constants, verify, type KeyObject } from "node:crypto";
import { ed25519ph } from "@noble/curves/ed25519.js";

/** Bytes and a signature over them. */
export interface Signed {
  readonly message: Buffer;
  readonly signature: Buffer;
}

// cosign signs with any curve over SHA-256 unless told otherwise
const hashesByCurve: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ["sha256"],
  secp384r1: ["sha384", "sha256"],
  secp521r1: ["sha512", "sha256"],
};
const coordinateBytes: Readonly<Record<string, number>> = {
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
};
const rsaHashes = ["sha256", "sha384", "sha512"];

/** Whether the signature is the key's. The key alone says which algorithms are tried; nothing in the evidence does (§1.5 gap 15). */
export function verifySignature(key: KeyObject, signed: Signed): boolean {
  switch (key.asymmetricKeyType) {
    case "ec":
      return verifyEcdsa(key, signed);
    case "rsa":
      return rsaHashes.some(
        (hash) =>
          holds(hash, signed, { key }) ||
          holds(hash, signed, {
            key,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_AUTO,
          }),
      );
    case "rsa-pss":
      return rsaHashes.some((hash) => holds(hash, signed, { key }));
    case "ed25519":
      return holds(null, signed, { key }) || holdsPrehashed(key, signed);
    default:
      return false;
  }
}

function verifyEcdsa(key: KeyObject, signed: Signed): boolean {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const hashes = hashesByCurve[curve] ?? [];
  const bare = 2 * (coordinateBytes[curve] ?? 0);
  return hashes.some(
    (hash) =>
      holds(hash, signed, { key }) ||
      (signed.signature.length === bare &&
        holds(hash, signed, { key, dsaEncoding: "ieee-p1363" })),
  );
}

function holds(
  hash: string | null,
  { message, signature }: Signed,
  key: Parameters<typeof verify>[2],
): boolean {
  try {
    return verify(hash, message, key, signature);
  } catch {
    return false; // OpenSSL throws for some signatures that it cannot parse
  }
}

/** Ed25519ph (RFC 8032 §5.1), cosign 3's default for Ed25519 keys, which node does not have. */
function holdsPrehashed(
  key: KeyObject,
  { message, signature }: Signed,
): boolean {
  const { x = "" } = key.export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url");
  try {
    return ed25519ph.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // a signature of another length, a point off the curve
  }
}

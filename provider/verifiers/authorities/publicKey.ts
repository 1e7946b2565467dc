import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { bareBase64 } from "../formats/base64";

const block = /^-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----$/;
const labels: readonly string[] = ["PUBLIC KEY", "RSA PUBLIC KEY"];
const curves: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];
const minimumRsaBits = 2048;

/** Reads one public key: a PEM block, or the base64 of its SPKI DER, as AWS KMS gives it. Throws an `Error` that says what is wrong and never shows what was given. */
export function readPublicKey(given: string): KeyObject {
  const text = given.trim();
  const bare = bareBase64(text);
  if (bare) return requireUsableKey(decodeDer(bare));
  if (/PRIVATE KEY/.test(text)) {
    throw new Error(
      "holds a private key: take it out, consider it leaked, and give the public key (`cosign public-key`, `openssl pkey -pubout`)",
    );
  }
  const label = block.exec(text)?.[1];
  if (label === "CERTIFICATE") {
    throw new Error(
      "holds a certificate: give its public key (`openssl x509 -pubkey -noout`)",
    );
  }
  if (!label || !labels.includes(label)) {
    throw new Error(
      'must be one PEM block that begins with "-----BEGIN PUBLIC KEY-----", or the base64 of the key\'s DER',
    );
  }
  return requireUsableKey(decode(text));
}

/** `sha256:` of the key's SPKI DER. */
export function keyIdOf(key: KeyObject): string {
  const der = key.export({ format: "der", type: "spki" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

function decodeDer(base64: string): KeyObject {
  const key = Buffer.from(base64, "base64");
  try {
    return createPublicKey({ key, format: "der", type: "spki" });
  } catch (cause) {
    throw new Error(
      "is base64, but not of a public key (SPKI DER) that can be read",
      { cause },
    );
  }
}

function decode(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch (cause) {
    throw new Error("is PEM, but not a public key that can be read", { cause });
  }
}

/** A key of a kind and size that is taken, or an `Error` that says why not. */
export function requireUsableKey(key: KeyObject): KeyObject {
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return key;
    case "ec":
      return usableCurve(key);
    case "rsa":
    case "rsa-pss":
      return usableRsa(key);
    default:
      throw otherKind();
  }
}

function usableCurve(key: KeyObject): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== undefined && curves.includes(curve)) return key;
  throw otherKind();
}

function usableRsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits >= minimumRsaBits) return key;
  throw new Error(
    `is an RSA key of ${bits} bits, at least ${minimumRsaBits} are needed`,
  );
}

function otherKind(): Error {
  return new Error(
    "is a key of a kind that is not taken: give ECDSA P-256, P-384, P-521, RSA, or Ed25519",
  );
}

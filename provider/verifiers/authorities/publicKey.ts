import { createHash, createPublicKey, type KeyObject } from "node:crypto";

const block = /^-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----$/;
const labels: readonly string[] = ["PUBLIC KEY", "RSA PUBLIC KEY"];
const curves: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];
const minimumRsaBits = 2048;

/** Reads one PEM public key. Throws an `Error` that says what is wrong and never shows what was given. */
export function readPublicKey(pem: string): KeyObject {
  const text = pem.trim();
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
      'must be one PEM block that begins with "-----BEGIN PUBLIC KEY-----"',
    );
  }
  return usable(decode(text));
}

/** `sha256:` of the key's SPKI DER. */
export function keyIdOf(key: KeyObject): string {
  const der = key.export({ format: "der", type: "spki" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

function decode(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch (cause) {
    throw new Error("is PEM, but not a public key that can be read", { cause });
  }
}

function usable(key: KeyObject): KeyObject {
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

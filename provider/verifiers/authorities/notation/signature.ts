import { constants, verify, type KeyObject } from "node:crypto";
import {
  unsound,
  type NotationAlgorithm,
  type NotationEnvelope,
} from "../../formats/notationEnvelope";

const byCurve: Readonly<Record<string, NotationAlgorithm>> = {
  prime256v1: "ES256",
  secp384r1: "ES384",
  secp521r1: "ES512",
};
const byModulus: Readonly<Record<number, NotationAlgorithm>> = {
  2048: "PS256",
  3072: "PS384",
  4096: "PS512",
};

/** Refuses a signature that the key has not made, or not with the key's one algorithm: the header chooses nothing (§3.1 "Algorithms"). Throws `NOTATION_INTEGRITY`. */
export function requireSignature(
  envelope: NotationEnvelope,
  key: KeyObject,
): void {
  const algorithm = algorithmOf(key);
  if (envelope.algorithm !== algorithm) {
    throw unsound(
      `says ${envelope.algorithm}, but the certificate's key signs with ${algorithm}`,
    );
  }
  const hash = `sha${algorithm.slice(2)}`;
  const how = algorithm.startsWith("PS")
    ? {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { key, dsaEncoding: "ieee-p1363" as const };
  if (verify(hash, envelope.signed, how, envelope.signature)) return;
  throw unsound("has a signature that is not the certificate's");
}

function algorithmOf(key: KeyObject): NotationAlgorithm {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  const algorithm =
    key.asymmetricKeyType === "rsa"
      ? byModulus[modulusLength]
      : byCurve[namedCurve];
  if (algorithm) return algorithm;
  throw unsound(
    `has a certificate whose key does not count: ${key.asymmetricKeyType} ${modulusLength || namedCurve}`,
  );
}

import { createHash, sign } from "node:crypto";
import { algorithmOf, type Issued } from "./pki";
import { pemOf, type Signer } from "./signers";

/** A signer with a certificate of an authority of one's own, and what cosign puts beside it. */
export function certifiedSigner(
  leaf: Issued,
  ...chain: readonly Issued[]
): Signer {
  const { publicKey, privateKey } = leaf;
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    publicKeyPem: pemOf(publicKey),
    hint: createHash("sha256").update(spki).digest("base64"),
    certificate: leaf.der,
    chainPem: chain.map(({ pem }) => pem).join(""),
    sign: (bytes) => sign(algorithmOf(privateKey).hash, bytes, privateKey),
  };
}

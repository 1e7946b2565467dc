import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from "node:crypto";
import { preAuthentication, type Envelope } from "./legacyEvidence";
import type { Signer } from "./signers";

/** A Rekor v2 log with an Ed25519 key: proofs and no promises. */
export interface RekorV2 {
  /** what a `trusted_root.json` says about it */
  readonly tlog: object;
  /** Includes an entry beside an older one; answers what a bundle says about it. */
  log(body: RekorV2Body): RekorV2Entry;
}

/** The body of an entry. */
export interface RekorV2Body {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
}

/** An entry as a bundle carries it. */
export interface RekorV2Entry {
  readonly logIndex: string;
  readonly logId: { readonly keyId: string };
  readonly kindVersion: { readonly kind: string; readonly version: string };
  readonly integratedTime: string;
  readonly inclusionProof: {
    readonly logIndex: string;
    readonly rootHash: string;
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
  readonly canonicalizedBody: string;
}

/** A fresh log, which the root trusts from a day before `now`. */
export function createRekorV2(now: Date, origin = "log.example"): RekorV2 {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keyId = sha256(
    Buffer.concat([Buffer.from(`${origin}\n\x01`), spki.subarray(-32)]),
  );
  const start = new Date(now.getTime() - 24 * 60 * 60 * 1000).toISOString();
  const older = sha256(Buffer.from("\0an older entry"));
  return {
    tlog: {
      baseUrl: `https://${origin}`,
      hashAlgorithm: "SHA2_256",
      publicKey: {
        rawBytes: spki.toString("base64"),
        keyDetails: "PKIX_ED25519",
        validFor: { start },
      },
      logId: { keyId: keyId.toString("base64") },
    },
    log(body) {
      const bytes = Buffer.from(JSON.stringify(body));
      const leaf = sha256(Buffer.concat([Buffer.from([0]), bytes]));
      const root = sha256(Buffer.concat([Buffer.from([1]), older, leaf]));
      const note = `${origin}\n2\n${root.toString("base64")}\n`;
      const signature = Buffer.concat([
        keyId.subarray(0, 4),
        sign(null, Buffer.from(note), privateKey),
      ]);
      return {
        logIndex: "1",
        logId: { keyId: keyId.toString("base64") },
        kindVersion: { kind: body.kind, version: body.apiVersion },
        integratedTime: "0",
        inclusionProof: {
          logIndex: "1",
          rootHash: root.toString("base64"),
          treeSize: "2",
          hashes: [older.toString("base64")],
          checkpoint: {
            envelope: `${note}\n\u2014 ${origin} ${signature.toString("base64")}\n`,
          },
        },
        canonicalizedBody: bytes.toString("base64"),
      };
    },
  };
}

/** Rekor's `dsse/0.0.2` entry for an envelope. */
export function dsseV2(envelope: Envelope, signer: Signer): RekorV2Body {
  const payload = Buffer.from(envelope.payload, "base64");
  return {
    apiVersion: "0.0.2",
    kind: "dsse",
    spec: {
      dsseV002: {
        payloadHash: hashOf(payload),
        signatures: envelope.signatures.map(({ sig }) => ({
          content: sig,
          verifier: verifierOf(signer),
        })),
      },
    },
  };
}

/** Rekor's `hashedrekord/0.0.2` entry for an envelope: about what DSSE signs. */
export function hashedRekordV2(
  envelope: Envelope,
  signer: Signer,
): RekorV2Body {
  const payload = Buffer.from(envelope.payload, "base64");
  const signed = preAuthentication(envelope.payloadType, payload);
  return {
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: {
      hashedRekordV002: {
        data: hashOf(signed),
        signature: {
          content: envelope.signatures[0]?.sig ?? "",
          verifier: verifierOf(signer),
        },
      },
    },
  };
}

function hashOf(bytes: Buffer): object {
  return { algorithm: "SHA2_256", digest: sha256(bytes).toString("base64") };
}

function verifierOf({ certificate, publicKeyPem }: Signer): object {
  const keyDetails = "PKIX_ECDSA_P256_SHA_256";
  if (certificate) {
    const rawBytes = certificate.toString("base64");
    return { keyDetails, x509Certificate: { rawBytes } };
  }
  const spki = createPublicKey(publicKeyPem).export({
    type: "spki",
    format: "der",
  });
  return { keyDetails, publicKey: { rawBytes: spki.toString("base64") } };
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

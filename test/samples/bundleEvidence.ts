import { createHash } from "node:crypto";
import { type Blob, manifest, emptyConfig } from "./artifacts";
import {
  dsseEntry,
  envelopeOf,
  hashedRekord,
  type SignatureOptions,
  type StatementOptions,
} from "./legacyEvidence";
import type { Signer } from "./signers";
import type { LogEntry } from "./sigstoreWorld";
import type { Sample, SampleDescriptor } from "./target";

/** The media type and artifact type of a bundle of today. */
export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** What cosign 3 calls a plain signature. */
export const signPredicate = "https://sigstore.dev/cosign/sign/v1";

/** A bundle 0.3 with a DSSE envelope, as its JSON. */
export async function dsseBundle(
  subject: SampleDescriptor,
  signer: Signer,
  options: StatementOptions,
): Promise<Buffer> {
  const dsseEnvelope = envelopeOf(subject, signer, options);
  const bytes = Buffer.from(JSON.stringify(dsseEnvelope));
  const entry = await options.log?.log(dsseEntry(bytes, dsseEnvelope, signer));
  const signature = dsseEnvelope.signatures[0]?.sig ?? "";
  const stamp = await options.timestamp?.timestamp(
    Buffer.from(signature, "base64"),
  );
  const verificationMaterial = materialOf(signer, entry, stamp);
  return Buffer.from(
    JSON.stringify({
      mediaType: bundleType,
      verificationMaterial,
      dsseEnvelope,
    }),
  );
}

/** A bundle 0.3 with a plain signature over `artifact`, as its JSON. */
export async function messageBundle(
  artifact: Buffer,
  signer: Signer,
  options: Pick<SignatureOptions, "log" | "timestamp"> = {},
): Promise<Buffer> {
  const signature = signer.sign(artifact);
  const proposed = hashedRekord(artifact, signature, signer);
  const entry = await options.log?.log(proposed);
  const stamp = await options.timestamp?.timestamp(signature);
  const digest = createHash("sha256").update(artifact).digest("base64");
  return Buffer.from(
    JSON.stringify({
      mediaType: bundleType,
      verificationMaterial: materialOf(signer, entry, stamp),
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest },
        signature: signature.toString("base64"),
      },
    }),
  );
}

/** The referrer that carries a bundle, as cosign 3 writes it. */
export function bundleManifest(
  subject: SampleDescriptor,
  bundle: Buffer,
  options: {
    readonly predicateType?: string;
    /** more layers than the one that a bundle manifest may have */
    readonly more?: readonly Blob[];
  } = {},
): Sample {
  return manifest({
    artifactType: bundleType,
    config: emptyConfig,
    layers: [{ mediaType: bundleType, bytes: bundle }, ...(options.more ?? [])],
    subject,
    annotations: {
      "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType":
        options.predicateType ?? signPredicate,
    },
  });
}

/** A signature or attestation in the form of cosign 3: statement, envelope, bundle, referrer. */
export async function bundleReferrer(
  subject: SampleDescriptor,
  signer: Signer,
  options: Partial<StatementOptions> = {},
): Promise<Sample> {
  const predicateType = options.predicateType ?? signPredicate;
  const bundle = await dsseBundle(subject, signer, {
    ...options,
    predicateType,
  });
  return bundleManifest(subject, bundle, { predicateType });
}

function materialOf(
  signer: Signer,
  entry: LogEntry | undefined,
  stamp: Buffer | undefined,
): object {
  const who = signer.certificate
    ? { certificate: { rawBytes: signer.certificate.toString("base64") } }
    : { publicKey: { hint: signer.hint } };
  const rfc3161Timestamps = stamp
    ? [{ signedTimestamp: stamp.toString("base64") }]
    : [];
  return {
    ...who,
    tlogEntries: entry ? [logEntryOf(entry)] : [],
    timestampVerificationData: { rfc3161Timestamps },
  };
}

function logEntryOf(entry: LogEntry): object {
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
  const body: unknown = JSON.parse(
    Buffer.from(entry.body, "base64").toString(),
  );
  const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: base64(entry.logID) },
    kindVersion: kindOf(body),
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: base64(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(base64),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

function kindOf(body: unknown): object {
  if (typeof body !== "object" || body === null) return {};
  const kind = "kind" in body ? body.kind : undefined;
  return { kind, version: "apiVersion" in body ? body.apiVersion : undefined };
}

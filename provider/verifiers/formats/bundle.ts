import { z } from "zod";
import { type Json } from "../../oci/json";
import { Refusal } from "../refusal";
import { decodeBase64, isBase64 } from "./base64";
import { parseEnvelope } from "./dsse";
import type { Content, LogEntry, SignatureMaterial } from "./signatureMaterial";
import { readEnvelopeJson } from "./envelopeJson";

type Version = "0.1" | "0.2" | "0.3";

const versions: Readonly<Record<string, Version>> = {
  "application/vnd.dev.sigstore.bundle+json;version=0.1": "0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2": "0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3": "0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json": "0.3",
};

/** The media types under which bundles are layers (`verification.md` §2.1 d, f). */
export const bundleTypes: readonly string[] = Object.keys(versions);

const maxProofs = 32; // T35, CVE-2024-45395
const base64 = z.string().min(1).refine(isBase64, "is not base64");
const count = z
  .union([z.string().regex(/^(0|[1-9]\d{0,18})$/), z.int().min(0)])
  .transform(String)
  .default("0"); // protobuf leaves zeros out

const entrySchema = z.strictObject({
  logIndex: count,
  logId: z.strictObject({ keyId: base64 }),
  kindVersion: z.strictObject({ kind: z.string(), version: z.string() }),
  integratedTime: count,
  inclusionPromise: z.strictObject({ signedEntryTimestamp: base64 }).nullish(),
  inclusionProof: z
    .strictObject({
      logIndex: count,
      rootHash: base64,
      treeSize: count,
      hashes: z.array(base64).max(64).default([]),
      checkpoint: z.strictObject({ envelope: z.string() }).nullish(),
    })
    .nullish(),
  canonicalizedBody: base64,
});

const certificateSchema = z.strictObject({ rawBytes: base64 });

const bundleSchema = z.strictObject({
  mediaType: z.enum(bundleTypes),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().default("") }).optional(),
    certificate: certificateSchema.optional(),
    x509CertificateChain: z
      .strictObject({ certificates: z.array(certificateSchema).max(10) })
      .optional(),
    tlogEntries: z.array(entrySchema).default([]),
    timestampVerificationData: z
      .strictObject({
        rfc3161Timestamps: z
          .array(z.strictObject({ signedTimestamp: base64 }))
          .default([]),
      })
      .nullish(),
  }),
  dsseEnvelope: z.custom<Json>((value) => value !== undefined).optional(),
  messageSignature: z.unknown().optional(),
});

type BundleDocument = z.infer<typeof bundleSchema>;

/** How a bundle is read. */
export interface BundleReading {
  /** whether one of version 0.3 may bring a chain, as cosign writes it for certificates of one's own (§1.5 gap 16) */
  readonly allowChain?: boolean;
}

/** Reads a sigstore bundle v0.1–v0.3. Throws `MalformedError` or `MALFORMED` (T27), `LIMIT` (T35), `UNSUPPORTED_FORMAT`. */
export function readBundle(
  bytes: Uint8Array,
  reading: BundleReading = {},
): SignatureMaterial {
  const parsed = bundleSchema.safeParse(readEnvelopeJson(bytes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const document = parsed.data;
  const version = versions[document.mediaType] ?? "0.3";
  const { tlogEntries, timestampVerificationData } =
    document.verificationMaterial;
  const timestamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  if (tlogEntries.length > maxProofs || timestamps.length > maxProofs) {
    throw new Refusal(
      "LIMIT",
      `more than ${maxProofs} log entries or timestamps`,
    );
  }
  return {
    format: `sigstore-bundle-${version}`,
    content: contentOf(document),
    certificates: certificatesOf(document, version, reading),
    entries: tlogEntries.map((entry) => entryOf(entry, version)),
    timestamps: timestamps.map((stamp) =>
      decodeBase64(stamp.signedTimestamp, "a timestamp"),
    ),
  };
}

function contentOf(document: BundleDocument): Content {
  const { dsseEnvelope, messageSignature } = document;
  if (dsseEnvelope !== undefined && messageSignature !== undefined) {
    throw malformed("it has both an envelope and a message signature");
  }
  if (messageSignature !== undefined) {
    throw new Refusal(
      "UNSUPPORTED_FORMAT",
      "the bundle signs bare bytes and names no artifact",
    );
  }
  if (dsseEnvelope === undefined) throw malformed("it signs nothing");
  return {
    kind: "envelope",
    envelope: parseEnvelope(dsseEnvelope, "dsseEnvelope"),
  };
}

function certificatesOf(
  { verificationMaterial: material }: BundleDocument,
  version: Version,
  { allowChain }: BundleReading,
): readonly Buffer[] {
  const chain = material.x509CertificateChain?.certificates;
  const kinds = [material.publicKey, material.certificate, chain];
  if (kinds.filter((kind) => kind !== undefined).length !== 1) {
    throw malformed("it must have one of publicKey, certificate, chain");
  }
  if (chain && version === "0.3" && !allowChain) {
    throw malformed("a bundle of version 0.3 has one certificate, no chain");
  }
  if (chain?.length === 0) {
    throw new Refusal("CERT_INVALID", "the certificate chain is empty");
  }
  const certificates = material.certificate ? [material.certificate] : chain;
  return (certificates ?? []).map((certificate) =>
    decodeBase64(certificate.rawBytes, "a certificate"),
  );
}

function entryOf(
  entry: z.infer<typeof entrySchema>,
  version: Version,
): LogEntry {
  const { inclusionPromise: promise, inclusionProof: proof } = entry;
  const checkpoint = proof?.checkpoint?.envelope;
  if (version === "0.1" && !promise)
    throw malformed("a log entry has no promise");
  if (version !== "0.1" && checkpoint === undefined) {
    throw malformed("a log entry has no proof with a checkpoint");
  }
  return {
    logId: decodeBase64(entry.logId.keyId, "the log's id"),
    logIndex: entry.logIndex,
    integratedTime: entry.integratedTime,
    kind: entry.kindVersion.kind,
    version: entry.kindVersion.version,
    body: decodeBase64(entry.canonicalizedBody, "the log entry"),
    promise: promise
      ? decodeBase64(promise.signedEntryTimestamp, "the promise")
      : undefined,
    // a v0.1 proof may lack its checkpoint: then only the promise counts (§1.4)
    proof:
      proof && checkpoint !== undefined
        ? {
            logIndex: proof.logIndex,
            treeSize: proof.treeSize,
            rootHash: decodeBase64(proof.rootHash, "the root hash"),
            hashes: proof.hashes.map((hash) => decodeBase64(hash, "a hash")),
            checkpoint,
          }
        : undefined,
  };
}

function malformed(why: string): Refusal {
  return new Refusal("MALFORMED", `the bundle is not valid: ${why}`);
}

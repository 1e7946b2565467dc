import { createHash } from "node:crypto";
import { type Blob, manifest } from "./artifacts";
import { certificatePem, type Signer } from "./signers";
import type { LogEntry, SigstoreWorld } from "./sigstoreWorld";
import type { Sample, SampleDescriptor } from "./target";

/** What to prove beside the signature, and what to get wrong on purpose. */
export interface EvidenceOptions {
  /** logs the signature in this world's Rekor */
  readonly log?: SigstoreWorld;
  /** asks this world's timestamp authority */
  readonly timestamp?: SigstoreWorld;
  /** flips a bit of the signature after all else was done */
  readonly tampered?: boolean;
}

/** What a simple-signing payload claims. */
export interface SignatureOptions extends EvidenceOptions {
  readonly dockerReference?: string;
  readonly optional?: Readonly<Record<string, string>>;
  /** the `critical.type`, if not cosign's */
  readonly type?: string;
}

/** A statement to be signed. */
export interface StatementOptions extends EvidenceOptions {
  readonly predicateType: string;
  readonly predicate?: unknown;
  /** the statement's subjects, if not the one */
  readonly subjects?: readonly unknown[];
  /** what the statement says of its subject */
  readonly annotations?: Readonly<Record<string, string>>;
  /** the DSSE payload type, if not in-toto's */
  readonly payloadType?: string;
  /** the statement's `_type`, if not v1 */
  readonly statementType?: string;
  /** Rekor's kind for a logged envelope (default `dsse`) */
  readonly kind?: "dsse" | "intoto";
}

/** One layer of a `.sig` manifest: cosign's simple signing, with everything else in annotations. */
export async function signatureLayer(
  subject: SampleDescriptor,
  signer: Signer,
  options: SignatureOptions = {},
): Promise<Blob> {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { "docker-reference": options.dockerReference ?? "" },
        image: { "docker-manifest-digest": subject.digest },
        type: options.type ?? "cosign container image signature",
      },
      optional: options.optional ?? null,
    }),
  );
  const signature = signer.sign(payload);
  const entry = await options.log?.log(
    hashedRekord(payload, signature, signer),
  );
  const stamp = await options.timestamp?.timestamp(signature);
  return {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    bytes: payload,
    annotations: {
      "dev.cosignproject.cosign/signature": (options.tampered
        ? flipped(signature)
        : signature
      ).toString("base64"),
      ...proofs(signer, entry, stamp),
    },
  };
}

/** One layer of an `.att` manifest: a DSSE envelope over an in-toto statement. */
export async function attestationLayer(
  subject: SampleDescriptor,
  signer: Signer,
  options: StatementOptions,
): Promise<Blob> {
  const envelope = envelopeOf(subject, signer, options);
  const bytes = Buffer.from(JSON.stringify(envelope));
  const entry = await options.log?.log(
    options.kind === "intoto"
      ? intotoEntry(bytes, envelope, signer)
      : dsseEntry(bytes, envelope, signer),
  );
  const stamp = await options.timestamp?.timestamp(bytes);
  return {
    mediaType: "application/vnd.dsse.envelope.v1+json",
    bytes,
    annotations: {
      "dev.cosignproject.cosign/signature": "",
      predicateType: options.predicateType,
      ...proofs(signer, entry, stamp),
    },
  };
}

/** The manifest that cosign puts under `.sig`, `.att` and `.sbom`. */
export function legacyManifest(
  layers: readonly Blob[],
  subject?: SampleDescriptor,
): Sample {
  const config = {
    architecture: "",
    created: "0001-01-01T00:00:00Z",
    history: layers.map(() => ({ created: "0001-01-01T00:00:00Z" })),
    os: "",
    rootfs: {
      type: "layers",
      diff_ids: layers.map((one) => `sha256:${hexOf(one.bytes)}`),
    },
    config: {},
  };
  return manifest({
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      bytes: Buffer.from(JSON.stringify(config)),
    },
    layers,
    subject,
  });
}

/** An unsigned SBOM as `cosign attach sbom` writes it. */
export function sbomManifest(name = "app"): Sample {
  const document = { spdxVersion: "SPDX-2.3", name, packages: [] };
  return legacyManifest([
    {
      mediaType: "text/spdx+json",
      bytes: Buffer.from(JSON.stringify(document)),
    },
  ]);
}

/** A DSSE envelope, as JSON has it. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly {
    readonly keyid: string;
    readonly sig: string;
  }[];
}

/** An in-toto statement about the subject, in a signed envelope. */
export function envelopeOf(
  subject: SampleDescriptor,
  signer: Signer,
  options: StatementOptions,
): Envelope {
  const payloadType = options.payloadType ?? "application/vnd.in-toto+json";
  const [algorithm = "", hex] = subject.digest.split(":");
  const statement = {
    _type: options.statementType ?? "https://in-toto.io/Statement/v1",
    subject: options.subjects ?? [
      {
        name: "",
        digest: { [algorithm]: hex },
        ...(options.annotations && { annotations: options.annotations }),
      },
    ],
    predicateType: options.predicateType,
    predicate: options.predicate ?? {},
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = signer.sign(preAuthentication(payloadType, payload));
  const sig = options.tampered ? flipped(signature) : signature;
  return {
    payloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: "", sig: sig.toString("base64") }],
  };
}

/** The bytes that DSSE signs. */
export function preAuthentication(type: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Rekor's entry for a plain signature over bytes. */
export function hashedRekord(
  bytes: Buffer,
  signature: Buffer,
  signer: Signer,
): object {
  return {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value: hexOf(bytes) } },
      signature: {
        content: signature.toString("base64"),
        publicKey: { content: verifierOf(signer) },
      },
    },
  };
}

/** Rekor's `dsse` entry for an envelope. */
export function dsseEntry(
  bytes: Buffer,
  envelope: Envelope,
  signer: Signer,
): object {
  const payload = Buffer.from(envelope.payload, "base64");
  return {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      envelopeHash: { algorithm: "sha256", value: hexOf(bytes) },
      payloadHash: { algorithm: "sha256", value: hexOf(payload) },
      signatures: envelope.signatures.map(({ sig }) => ({
        signature: sig,
        verifier: verifierOf(signer),
      })),
    },
  };
}

function intotoEntry(
  bytes: Buffer,
  envelope: Envelope,
  signer: Signer,
): object {
  const payload = Buffer.from(envelope.payload, "base64");
  return {
    apiVersion: "0.0.1",
    kind: "intoto",
    spec: {
      content: {
        hash: { algorithm: "sha256", value: hexOf(bytes) },
        payloadHash: { algorithm: "sha256", value: hexOf(payload) },
      },
      publicKey: verifierOf(signer),
    },
  };
}

function proofs(
  signer: Signer,
  entry: LogEntry | undefined,
  stamp: Buffer | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (signer.certificate) {
    found["dev.sigstore.cosign/certificate"] = certificatePem(
      signer.certificate,
    );
    found["dev.sigstore.cosign/chain"] = signer.chainPem ?? "";
  }
  if (entry) {
    const { body, integratedTime, logIndex, logID } = entry;
    found["dev.sigstore.cosign/bundle"] = JSON.stringify({
      SignedEntryTimestamp: entry.verification.signedEntryTimestamp,
      Payload: { body, integratedTime, logIndex, logID },
    });
  }
  if (stamp) {
    found["dev.sigstore.cosign/rfc3161timestamp"] = JSON.stringify({
      SignedRFC3161Timestamp: stamp.toString("base64"),
    });
  }
  return found;
}

function verifierOf(signer: Signer): string {
  const pem = signer.certificate
    ? certificatePem(signer.certificate)
    : signer.publicKeyPem;
  return Buffer.from(pem).toString("base64");
}

function hexOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function flipped(signature: Buffer): Buffer {
  const copy = Buffer.from(signature);
  const last = copy.length - 1;
  copy[last] = (copy[last] ?? 0) ^ 1;
  return copy;
}

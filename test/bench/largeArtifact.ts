import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, sha256, type Sample } from "../samples/target";
import type { StreamingRegistry } from "./streamingRegistry";

/** What was put somewhere, and the policy that admits it. */
export interface Offered {
  /** `host/repository:tag` */
  readonly source: string;
  readonly digest: string;
  readonly policy: {
    readonly signedBy: { key: { publicKey: string; tlog: string } }[];
  };
}

const imageType = "application/vnd.oci.image";
const config = Buffer.from("{}");

/** Offers a signed image with one layer of made-up bytes. */
export async function offerLarge(
  registry: StreamingRegistry,
  size: number,
): Promise<Offered> {
  const layer = await registry.generate(size);
  const sample = imageOver(layer);
  const repository = `acme/large-${size}`;
  const target = inRegistry(registry, repository);
  await target.putBlob(config);
  await target.putManifest(sample, "1");
  const signer = keySigner();
  await attachLegacy(target, sample.descriptor, {
    suffix: "sig",
    layers: [await signatureLayer(sample.descriptor, signer)],
  });
  const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
  return {
    source: `${registry.host}/${repository}:1`,
    digest: sample.descriptor.digest,
    policy: { signedBy: [{ key }] },
  };
}

function imageOver(layer: { digest: string; size: number }): Sample {
  const mediaType = `${imageType}.manifest.v1+json`;
  const content = {
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: "application/vnd.oci.empty.v1+json",
      digest: sha256(config),
      size: config.length,
    },
    layers: [{ mediaType: `${imageType}.layer.v1.tar`, ...layer }],
    artifactType: "application/vnd.example.large",
  };
  const bytes = Buffer.from(JSON.stringify(content));
  const descriptor = { mediaType, digest: sha256(bytes), size: bytes.length };
  return { descriptor, bytes, blobs: [], children: [] };
}

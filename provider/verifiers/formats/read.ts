import type { Evidence } from "../../mirror/ports";
import { bundleTypes, readBundle, type BundleReading } from "./bundle";
import { dsseType } from "./dsse";
import { readLegacyAttestation, readLegacySignature } from "./legacy";
import type { SignatureMaterial } from "./signatureMaterial";
import { simpleSigningType } from "./simpleSigning";
import { Refusal } from "../refusal";

type Annotations = Readonly<Record<string, string>>;
type Reader = (
  bytes: Uint8Array,
  annotations: Annotations,
  reading: BundleReading,
) => SignatureMaterial;

const readers = new Map<string, Reader>([
  [simpleSigningType, readLegacySignature],
  [dsseType, readLegacyAttestation],
  ...bundleTypes.map((type): [string, Reader] => [
    type,
    (bytes, _, reading) => readBundle(bytes, reading),
  ]),
]);

/** Whether a layer is signature evidence in one of cosign's forms. A manifest has one bundle, or any number of legacy layers (T25). */
export function isSignatureLayer(layer: {
  readonly mediaType: string;
  readonly layers: number;
}): boolean {
  const { mediaType, layers } = layer;
  return readers.has(mediaType) && (layers === 1 || !isBundle(mediaType));
}

function isBundle(mediaType: string): boolean {
  return bundleTypes.includes(mediaType);
}

/** Reads signature evidence in whichever form its layer has, or undefined where the form is none of ours. */
export function readSignatureMaterial(
  evidence: Evidence,
  reading: BundleReading = {},
): SignatureMaterial | undefined {
  const { mediaType, annotations = {} } = evidence.layer;
  const read = readers.get(mediaType);
  return read && requireBounded(read(evidence.bytes, annotations, reading));
}

const kibibyte = 1024;

/** Refuses what real evidence has in some kilobytes: whoever reads a tree of megabytes, unproven as it is, reads for minutes (T34). */
function requireBounded(material: SignatureMaterial): SignatureMaterial {
  const { certificates, chainPem = "", timestamps, entries } = material;
  const isBounded =
    [...certificates, ...timestamps].every(
      ({ length }) => length <= 64 * kibibyte,
    ) &&
    entries.every(({ body }) => body.length <= 256 * kibibyte) &&
    chainPem.length <= 256 * kibibyte;
  if (isBounded) return material;
  throw new Refusal(
    "LIMIT",
    "a certificate, a timestamp or a log entry is far too large",
  );
}

import type { Evidence } from "../../mirror/ports";
import { bundleTypes, readBundle } from "./bundle";
import { dsseType } from "./dsse";
import { readLegacyAttestation, readLegacySignature } from "./legacy";
import type { Material } from "./material";
import { simpleSigningType } from "./simpleSigning";

type Annotations = Readonly<Record<string, string>>;
type Reader = (bytes: Uint8Array, annotations: Annotations) => Material;

const readers = new Map<string, Reader>([
  [simpleSigningType, readLegacySignature],
  [dsseType, readLegacyAttestation],
  ...bundleTypes.map((type): [string, Reader] => [type, readBundle]),
]);

/** Whether a layer of this media type is signature evidence in one of cosign's forms. */
export function isSignatureLayer(mediaType: string): boolean {
  return readers.has(mediaType);
}

/** Reads signature evidence in whichever form its layer has, or undefined where the form is none of ours. */
export function readMaterial(evidence: Evidence): Material | undefined {
  const { mediaType, annotations = {} } = evidence.layer;
  return readers.get(mediaType)?.(evidence.bytes, annotations);
}

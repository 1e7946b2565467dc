import type { Evidence } from "../../../provider/mirror/ports";
import { notationArtifact, notationLayer } from "../../samples/notation";
import type { Signing } from "../../samples/notationEnvelope";
import type { SampleDescriptor } from "../../samples/target";
import { evidenceOf } from "./world";

/** A Notary Project signature as discovery would hand it to an authority. */
export function notarized(
  subject: SampleDescriptor,
  signer: Signing,
  wish: Parameters<typeof notationLayer>[2] = {},
): Evidence {
  return {
    ...evidenceOf(subject, notationLayer(subject, signer, wish)),
    artifactType: notationArtifact,
  };
}

import type {
  Authenticated,
  Authority,
  Evidence,
  Reach,
  Rejection,
  Via,
} from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { digestOf, parseDigest } from "../../../provider/oci/digest";
import {
  prepareAuthority,
  type AuthorityInput,
} from "../../../provider/verifiers/authorities/catalog";
import { describe as describeBlob, type Blob } from "../../samples/artifacts";
import { bundleType } from "../../samples/bundleEvidence";
import type { SampleDescriptor } from "../../samples/target";

/** Nobody who judges may ask the network. */
export const offline: Reach = {
  send: () => Promise.reject(new Error("a judge asked the network")),
  signal: new AbortController().signal,
  now: () => new Date(),
};

/** A descriptor of samples as the product has it. */
export function descriptorOf(sample: SampleDescriptor): Descriptor {
  const { mediaType, size, annotations } = sample;
  const digest = parseDigest(sample.digest);
  return { mediaType, digest, size, ...(annotations && { annotations }) };
}

/** One layer as discovery would hand it to an authority. */
export function evidenceOf(
  subject: SampleDescriptor,
  layer: Blob,
  via: Via = "referrer",
): Evidence {
  const layerDescriptor = descriptorOf(describeBlob(layer));
  const manifest = Buffer.from(JSON.stringify(layerDescriptor));
  return {
    subject: descriptorOf(subject),
    manifest: {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: digestOf(manifest),
      size: manifest.length,
    },
    via,
    artifactType: layer.mediaType,
    layers: 1,
    layer: layerDescriptor,
    bytes: layer.bytes,
  };
}

/** A bundle's JSON as a layer. */
export function bundleLayer(bytes: Buffer, mediaType = bundleType): Blob {
  return { mediaType, bytes };
}

/** The authority made ready, as the first of `signedBy`. */
export function authorityOf(
  input: AuthorityInput,
  repository?: string,
): Promise<Authority> {
  return prepareAuthority(input, { name: "signedBy[0]", repository });
}

/** What an authority says about evidence. */
export async function verdictOn(
  input: AuthorityInput,
  evidence: Evidence,
): Promise<Authenticated | Rejection> {
  const authority = await authorityOf(input);
  return authority.authenticate(evidence, offline);
}

/** The code of a rejection, or `OK`. */
export async function codeOf(
  input: AuthorityInput,
  evidence: Evidence,
): Promise<string> {
  const answer = await verdictOn(input, evidence);
  return answer.outcome === "authenticated" ? "OK" : answer.code;
}

/** Parsed JSON, to be changed at will. */
export type Editable = ReturnType<typeof JSON.parse>;

/** A JSON document with something changed in it. */
export function changed(
  document: Uint8Array | string,
  change: (value: Editable) => void,
): Buffer {
  const value = JSON.parse(Buffer.from(document).toString());
  change(value);
  return Buffer.from(JSON.stringify(value));
}

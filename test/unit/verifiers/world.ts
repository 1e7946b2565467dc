import type {
  Authenticated,
  Authority,
  Evidence,
  Judged,
  Reach,
  Rejection,
  Via,
} from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { digestOf, parseDigest } from "../../../provider/oci/digest";
import { parseManifest } from "../../../provider/oci/manifest";
import {
  prepareAuthority,
  type AuthorityInput,
} from "../../../provider/verifiers/authorities/catalog";
import type { PolicyContext } from "../../../provider/verifiers/context";
import {
  describe as describeBlob,
  image,
  type Blob,
} from "../../samples/artifacts";
import { bundleType } from "../../samples/bundleEvidence";
import type { SampleDescriptor } from "../../samples/target";

/** Nobody who judges may ask the network. */
export const offline: Reach = {
  send: () => Promise.reject(new Error("a judge asked the network")),
  signal: new AbortController().signal,
  now: () => new Date(),
};

const nowhere = (): never => {
  throw new Error("a judge opened a place");
};

/** What a policy is made ready for, where nothing has to be fetched. */
export function contextOf(given: Partial<PolicyContext> = {}): PolicyContext {
  return {
    repository: "source.example/acme/app",
    reach: offline,
    stores: { open: nowhere, openForWriting: nowhere, repositories: nowhere },
    trustRefresh: "never",
    allowedPlugins: [],
    ...given,
  };
}

/** Evidence as a requirement gets it, all about one image. */
export function judgedOf(
  evidence: readonly Evidence[],
  given: Partial<Judged> = {},
): Judged {
  const { bytes, descriptor: sample } = image();
  const descriptor = descriptorOf(sample);
  const reference = `source.example/acme/app:1@${descriptor.digest}`;
  const manifest = parseManifest(bytes, descriptor.mediaType);
  return {
    get place(): never {
      throw new Error("a judge read from a place");
    },
    reference,
    node: { descriptor, bytes, manifest },
    evidence,
    inside: [],
    referrers: [],
    ...given,
  };
}

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
  const context = contextOf(repository === undefined ? {} : { repository });
  return prepareAuthority(input, { ...context, name: "signedBy[0]" });
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

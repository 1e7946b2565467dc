import { parseDescriptor, type Descriptor } from "./descriptor";
import {
  asArray,
  asObject,
  defined,
  optional,
  optionalString,
  readJson,
  refuseMiscased,
  stringMap,
  type Json,
  type JsonObject,
} from "./json";
import { MalformedError } from "./malformed";
import {
  isIndexType,
  isManifestType,
  mediaTypes,
  withoutParameters,
} from "./mediaType";

/** An image or any other artifact: a config and layers. */
export interface ImageManifest {
  readonly kind: "manifest";
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A list of manifests and further indexes. */
export interface Index {
  readonly kind: "index";
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a registry serves under a manifest's digest. */
export type Manifest = ImageManifest | Index;

const maxDescriptors = 10_000;

/** Every member that some reader of manifests gives a meaning to. */
const fields = [
  "schemaVersion",
  "mediaType",
  "artifactType",
  "config",
  "layers",
  "manifests",
  "subject",
  "annotations",
  "blobs",
  "fsLayers",
  "history",
  "signatures",
];

/** Forms that we know by name and do not take, with the reason (W151). */
const refusedTypes: Readonly<Record<string, string>> = {
  "application/vnd.docker.distribution.manifest.v1+json":
    "a Docker schema 1 manifest, whose digest cannot be verified; push the image again with a current tool",
  "application/vnd.docker.distribution.manifest.v1+prettyjws":
    "a signed Docker schema 1 manifest, whose digest cannot be verified; push the image again with a current tool",
  "application/vnd.oci.artifact.manifest.v1+json":
    "an OCI artifact manifest, which the spec has withdrawn; push the artifact again as an OCI image manifest",
};

/** Reads a manifest or index served as `mediaType` (parameters are ignored); throws `MalformedError`. */
export function parseManifest(bytes: Uint8Array, mediaType: string): Manifest {
  const type = withoutParameters(mediaType);
  requireKnown(type);
  const json = asObject(readJson(bytes, { integersOnly: true }), "manifest");
  refuseMiscased(json, fields, "manifest");
  requireSameType(json, type);
  requireOneForm(json);
  const manifest = isIndexType(type)
    ? readIndex(json, type)
    : readImageManifest(json, type);
  requireOneSize(manifest);
  return manifest;
}

/** What an index lists; a manifest has no children. */
export function childrenOf(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === "index" ? manifest.manifests : [];
}

/** Config and layers, each digest once; an index has no blobs. */
export function blobsOf(manifest: Manifest): readonly Descriptor[] {
  if (manifest.kind === "index") return [];
  const blobs = [manifest.config, ...manifest.layers];
  const first = new Map(blobs.toReversed().map((blob) => [blob.digest, blob]));
  return blobs.filter((blob) => first.get(blob.digest) === blob);
}

/** What kind of artifact it is: `artifactType`, else the config's media type, else the index's own (W107). */
export function artifactTypeOf(manifest: Manifest): string {
  if (manifest.artifactType !== undefined) return manifest.artifactType;
  return manifest.kind === "index"
    ? manifest.mediaType
    : manifest.config.mediaType;
}

function requireKnown(type: string): void {
  const reason = refusedTypes[type];
  if (reason !== undefined) throw wrong(`this is ${reason}`);
  if (!isManifestType(type)) {
    throw wrong(`${JSON.stringify(type)} is not the media type of a manifest`);
  }
}

/** An index must not pass for a manifest, nor the reverse (W55, N25). */
function requireSameType(json: JsonObject, type: string): void {
  const own = optionalString(json, "mediaType", "manifest");
  const isOci = type === mediaTypes.ociManifest || type === mediaTypes.ociIndex;
  if (own === undefined && isOci) return;
  if (own === undefined) throw wrong(`it must say its mediaType, ${type}`);
  requireKnown(own);
  if (own !== type) throw wrong(`it is served as ${type}, but says ${own}`);
}

function requireOneForm(json: JsonObject): void {
  if ("fsLayers" in json || json["schemaVersion"] === 1) {
    throw wrong(
      "this is a Docker schema 1 manifest, whose digest cannot be verified",
    );
  }
  if (json["schemaVersion"] !== 2) throw wrong("schemaVersion must be 2");
  if ("manifests" in json && ("layers" in json || "config" in json)) {
    throw wrong("it has manifests beside layers or config"); // N24
  }
}

function readImageManifest(json: JsonObject, type: string): ImageManifest {
  return defined({
    kind: "manifest",
    mediaType: type,
    config: parseDescriptor(json["config"] ?? null, "manifest.config"),
    layers: readDescriptors(json, "layers"),
    ...readCommon(json),
  });
}

function readIndex(json: JsonObject, type: string): Index {
  return defined({
    kind: "index",
    mediaType: type,
    manifests: readDescriptors(json, "manifests"),
    ...readCommon(json),
  });
}

function readCommon(
  json: JsonObject,
): Pick<Manifest, "artifactType" | "subject" | "annotations"> {
  const subject = optional(json, "subject");
  return {
    artifactType: optionalString(json, "artifactType", "manifest"),
    subject:
      subject === undefined
        ? undefined
        : parseDescriptor(subject, "manifest.subject"),
    annotations: stringMap(
      optional(json, "annotations") ?? {},
      "manifest.annotations",
    ),
  };
}

/** Null is what Go writes for an empty list; absence is not. */
function readDescriptors(json: JsonObject, key: string): readonly Descriptor[] {
  const value: Json | undefined = json[key] === null ? [] : json[key];
  const items = asArray(value, `manifest.${key}`);
  if (items.length > maxDescriptors) {
    throw wrong(`it has more than ${maxDescriptors} ${key}`);
  }
  return items.map((item, i) => parseDescriptor(item, `manifest.${key}[${i}]`));
}

/** One digest cannot have two sizes; the reader that believes the other one fails later (W58). */
function requireOneSize(manifest: Manifest): void {
  const sizes = new Map<string, number>();
  const all =
    manifest.kind === "index"
      ? manifest.manifests
      : [manifest.config, ...manifest.layers];
  for (const { digest, size } of all) {
    if ((sizes.get(digest) ?? size) !== size) {
      throw wrong(`it gives two sizes for ${digest}`);
    }
    sizes.set(digest, size);
  }
}

function wrong(why: string): MalformedError {
  return new MalformedError("manifest", why);
}

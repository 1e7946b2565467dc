import { failure, type Answer, type SpecError } from "./answer";
import type { RegistryOptions } from "./options";
import type { Repository, StoredManifest } from "./storage";

/** The parts of a manifest's JSON that a registry looks at. */
export interface LooseManifest {
  readonly schemaVersion?: unknown;
  readonly mediaType?: unknown;
  readonly artifactType?: string;
  readonly config?: LooseDescriptor;
  readonly layers?: readonly LooseDescriptor[];
  readonly manifests?: readonly LooseDescriptor[];
  readonly subject?: LooseDescriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A descriptor, unchecked. */
export interface LooseDescriptor {
  readonly mediaType?: string;
  readonly digest?: string;
  readonly size?: number;
  readonly urls?: readonly string[];
}

const imageTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Reads a manifest's JSON as loosely as JSON.parse does; `undefined` where it is no object. */
export function looseManifest(bytes: Uint8Array): LooseManifest | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Why a registry would not take this manifest, as its answer; `undefined` where it would. */
export function refuseManifest(
  manifest: StoredManifest,
  repository: Repository,
  options: RegistryOptions,
): Answer | undefined {
  const { mediaType, bytes } = manifest;
  const limit = options.maxManifestBytes ?? 4 * 1024 * 1024;
  if (bytes.length > limit) return invalid("payload too large");
  const isIndex = indexTypes.includes(mediaType);
  if (!isIndex && !imageTypes.includes(mediaType)) {
    return invalid(`unsupported manifest media type: ${mediaType}`);
  }
  const content = looseManifest(bytes);
  if (!content || content.schemaVersion !== 2) {
    return invalid("manifest invalid");
  }
  if (!agrees(content, mediaType)) {
    return invalid(`mediaType in manifest is not '${mediaType}'`);
  }
  const missing = isIndex
    ? missingChildren(content, repository, options)
    : missingBlobs(content, repository, options);
  return missing.length > 0 ? failure(...missing) : undefined;
}

function invalid(reason: string): Answer {
  return failure({
    code: "MANIFEST_INVALID",
    message: "manifest invalid",
    detail: reason,
  });
}

/** OCI types may leave `mediaType` out, Docker's may not; a manifest may not be both image and index. */
function agrees(content: LooseManifest, mediaType: string): boolean {
  const isOci = mediaType.startsWith("application/vnd.oci.");
  if (
    content.mediaType === undefined ? !isOci : content.mediaType !== mediaType
  ) {
    return false;
  }
  return indexTypes.includes(mediaType)
    ? content.config === undefined && content.layers === undefined
    : content.manifests === undefined;
}

function missingBlobs(
  content: LooseManifest,
  repository: Repository,
  { missingBlobs: told = "all" }: RegistryOptions,
): readonly SpecError[] {
  const layers = told === "config" ? [] : (content.layers ?? []);
  const missing = [content.config ?? {}, ...layers]
    .filter((one) => !mayBeElsewhere(one))
    .filter((one) => !repository.blobs.has(one.digest ?? ""))
    .map((one) => unknownBlob(one.digest));
  return told === "first" ? missing.slice(0, 1) : missing;
}

/** Layers that may not be distributed need not be there. */
function mayBeElsewhere({ mediaType = "" }: LooseDescriptor): boolean {
  return /\.layer\.nondistributable\.|\.rootfs\.foreign\./.test(mediaType);
}

function missingChildren(
  content: LooseManifest,
  repository: Repository,
  options: RegistryOptions,
): readonly SpecError[] {
  if (options.sparseIndex === "accept") return [];
  return (content.manifests ?? [])
    .filter((one) => !repository.manifests.has(one.digest ?? ""))
    .map((one) => unknownBlob(one.digest));
}

function unknownBlob(digest: string | undefined): SpecError {
  return {
    code: "MANIFEST_BLOB_UNKNOWN",
    message: "blob unknown to registry",
    detail: { digest: digest ?? "" },
  };
}

/** The media types that the specs give a meaning to; every other one is opaque. */
export const mediaTypes = {
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerIndex: "application/vnd.docker.distribution.manifest.list.v2+json",
  empty: "application/vnd.oci.empty.v1+json",
} as const;

/** What may be fetched as a manifest, for `Accept` (W50). */
export const manifestTypes: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
];

/** Whether content of this type is a manifest or an index. */
export function isManifestType(type: string): boolean {
  return manifestTypes.includes(type);
}

/** Whether content of this type is an index. */
export function isIndexType(type: string): boolean {
  return type === mediaTypes.ociIndex || type === mediaTypes.dockerIndex;
}

const imageConfigs: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** Whether content of this type is an image's config, which tells what the image runs on and may tell when it was made. */
export function isImageConfig(type: string): boolean {
  return imageConfigs.includes(type);
}

/** The media type in a `Content-Type`, in lower case, parameters cut off (W55). */
export function withoutParameters(contentType: string): string {
  return contentType.replace(/;.*$/s, "").trim().toLowerCase();
}

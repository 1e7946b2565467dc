import { createCipheriv, createHash } from "node:crypto";
import { type Sample, type SampleDescriptor, sha256 } from "./target";

const oci = "application/vnd.oci.image";
const docker = "application/vnd.docker";

/** The `{}` that stands for "no config". */
export const emptyConfig: Blob = {
  mediaType: "application/vnd.oci.empty.v1+json",
  bytes: Buffer.from("{}"),
};

/** A config or layer to be. */
export interface Blob {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Bytes that look random and are the same for the same seed. */
export function bytesOf(seed: string, size: number): Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}

/** The descriptor of bytes. */
export function describe(blob: Blob): SampleDescriptor {
  const { mediaType, bytes, annotations } = blob;
  const digest = sha256(bytes);
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(annotations ? { annotations } : {}),
  };
}

/** What any manifest may carry. */
export interface ManifestOptions {
  readonly config: Blob;
  readonly layers: readonly Blob[];
  /** default: an OCI manifest */
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly subject?: SampleDescriptor;
  readonly annotations?: Readonly<Record<string, string>>;
  /** goes into the descriptor, for an index to repeat */
  readonly platform?: string;
}

/** Any manifest over a config and layers. */
export function manifest(options: ManifestOptions): Sample {
  const { config, layers, platform } = options;
  const mediaType = options.mediaType ?? `${oci}.manifest.v1+json`;
  const { artifactType, subject, annotations } = options;
  const content = {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: describe(config),
    layers: layers.map(describe),
    subject: subject && bare(subject),
    annotations,
  };
  return sampleOf({
    content,
    mediaType,
    artifactType,
    blobs: [config, ...layers].map((one) => one.bytes),
    platform,
  });
}

/** Any index over manifests; their descriptors are repeated as they are. */
export function index(
  children: readonly Sample[],
  options: {
    readonly mediaType?: string;
    readonly artifactType?: string;
    readonly subject?: SampleDescriptor;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): Sample {
  const mediaType = options.mediaType ?? `${oci}.index.v1+json`;
  const content = {
    schemaVersion: 2,
    ...options,
    mediaType,
    manifests: children.map((one) => one.descriptor),
  };
  return sampleOf({ content, mediaType, children });
}

/** The same sample under a descriptor that says more, as an index may. */
export function described(
  sample: Sample,
  more: Partial<SampleDescriptor>,
): Sample {
  return { ...sample, descriptor: { ...sample.descriptor, ...more } };
}

/** How an image is to look. */
export interface ImageOptions {
  /** makes the content differ (default `image`) */
  readonly seed?: string;
  /** the sizes of its layers in bytes (default one of 1000) */
  readonly layers?: readonly number[];
  /** `linux/arm64/v8` (default `linux/amd64`) */
  readonly platform?: string;
  /** Docker schema 2 instead of OCI */
  readonly docker?: boolean;
  readonly subject?: SampleDescriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A container image. */
export function image(options: ImageOptions = {}): Sample {
  const { seed = "image", docker: isDocker = false } = options;
  const platform = options.platform ?? "linux/amd64";
  const [os, architecture, variant] = platform.split("/");
  const layers = (options.layers ?? [1000]).map((size, at) => ({
    mediaType: isDocker
      ? `${docker}.image.rootfs.diff.tar.gzip`
      : `${oci}.layer.v1.tar+gzip`,
    bytes: bytesOf(`${seed}/${platform}/${at}`, size),
  }));
  const diffIds = layers.map((one) => sha256(one.bytes));
  const rootfs = { type: "layers", diff_ids: diffIds };
  const config = { os, architecture, variant, rootfs, config: {}, seed };
  return manifest({
    mediaType: isDocker
      ? `${docker}.distribution.manifest.v2+json`
      : `${oci}.manifest.v1+json`,
    config: {
      mediaType: isDocker
        ? `${docker}.container.image.v1+json`
        : `${oci}.config.v1+json`,
      bytes: Buffer.from(JSON.stringify(config)),
    },
    layers,
    platform,
    subject: options.subject,
    annotations: options.annotations,
  });
}

/** An index of images, one a platform (default linux/amd64 and linux/arm64/v8). */
export function multiArch(
  options: ImageOptions & { readonly platforms?: readonly string[] } = {},
): Sample {
  const platforms = options.platforms ?? ["linux/amd64", "linux/arm64/v8"];
  const images = platforms.map((platform) => image({ ...options, platform }));
  const list = `${docker}.distribution.manifest.list.v2+json`;
  return index(images, options.docker ? { mediaType: list } : {});
}

/** An index that holds an index beside an image. */
export function nestedIndex(seed = "nested"): Sample {
  return index([
    image({ seed, platform: "linux/amd64" }),
    multiArch({
      seed: `${seed}/inner`,
      platforms: ["linux/arm64", "linux/s390x"],
    }),
  ]);
}

/** Drops `platform` and the like: a subject is no more than type, digest and size. */
function bare(descriptor: SampleDescriptor): SampleDescriptor {
  const { mediaType, digest, size } = descriptor;
  return { mediaType, digest, size };
}

function sampleOf(made: {
  readonly content: object;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly blobs?: readonly Buffer[];
  readonly children?: readonly Sample[];
  readonly platform?: string;
}): Sample {
  const { artifactType, mediaType } = made;
  const bytes = Buffer.from(JSON.stringify(made.content));
  const [os = "", architecture = "", variant] = made.platform?.split("/") ?? [];
  const platform = { os, architecture, ...(variant ? { variant } : {}) };
  const descriptor = {
    mediaType,
    digest: sha256(bytes),
    size: bytes.length,
    ...(artifactType ? { artifactType } : {}),
    ...(made.platform ? { platform } : {}),
  };
  return {
    descriptor,
    bytes,
    blobs: made.blobs ?? [],
    children: made.children ?? [],
  };
}

import * as http from "node:http";
import { createHash } from "node:crypto";

/** A descriptor as samples hand it around. */
export interface SampleDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Readonly<Record<string, string>>;
}

/** A manifest or index with everything below it, not yet anywhere. */
export interface Sample {
  readonly descriptor: SampleDescriptor;
  readonly bytes: Buffer;
  /** config and layers; empty for an index */
  readonly blobs: readonly Buffer[];
  /** the manifests of an index */
  readonly children: readonly Sample[];
}

/** One repository to put samples into. */
export interface Target {
  putBlob(bytes: Uint8Array): Promise<void>;
  /** by tag, or by its digest */
  putManifest(manifest: Sample, reference: string): Promise<void>;
  /** the bytes and type of a tag or digest, `undefined` where it is absent */
  getManifest(reference: string): Promise<StoredBytes | undefined>;
}

interface StoredBytes {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** The direct door of an in-process registry, as far as samples need it. */
export interface ContentDoor {
  tag(repository: string, tag: string): string | undefined;
  manifest(repository: string, digest: string): StoredBytes | undefined;
  putBlob(repository: string, bytes: Uint8Array, digest?: string): string;
  putManifest(
    repository: string,
    manifest: StoredBytes,
    digest?: string,
  ): string;
  setTag(repository: string, tag: string, digest: string): void;
}

/** `sha256:…` of bytes. */
export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A repository of an in-process registry, filled past its checks and its recorder. */
export function inRegistry(door: ContentDoor, repository: string): Target {
  return {
    putBlob: async (bytes) => void door.putBlob(repository, bytes),
    putManifest: async ({ descriptor, bytes }, reference) => {
      const stored = { mediaType: descriptor.mediaType, bytes };
      const digest = door.putManifest(repository, stored, descriptor.digest);
      if (!reference.includes(":")) door.setTag(repository, reference, digest);
    },
    getManifest: async (reference) => {
      const digest = reference.includes(":")
        ? reference
        : door.tag(repository, reference);
      return digest ? door.manifest(repository, digest) : undefined;
    },
  };
}

/** A repository of any registry without authentication, over plain HTTP. */
export function overHttp(origin: string, repository: string): Target {
  const base = `${origin}/v2/${repository}`;
  return {
    async putBlob(bytes) {
      const begun = await send("POST", `${base}/blobs/uploads/`);
      const url = new URL(begun.location, origin);
      url.searchParams.set("digest", sha256(bytes));
      await send("PUT", url.href, {
        type: "application/octet-stream",
        bytes,
      });
    },
    async putManifest({ descriptor, bytes }, reference) {
      const type = descriptor.mediaType;
      await send("PUT", `${base}/manifests/${reference}`, { type, bytes });
    },
    async getManifest(reference) {
      const answer = await send("GET", `${base}/manifests/${reference}`);
      return answer.status === 404 ? undefined : answer;
    },
  };
}

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

interface Sent extends StoredBytes {
  readonly status: number;
  readonly location: string;
}

function send(
  method: string,
  url: string,
  content?: { readonly type: string; readonly bytes: Uint8Array },
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const headers = content
      ? { "content-type": content.type, "content-length": content.bytes.length }
      : { accept: accepted };
    const request = http.request(
      url,
      { method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          const bytes = Buffer.concat(chunks);
          if (status >= 400 && !(status === 404 && method === "GET")) {
            reject(
              new Error(`${method} ${url}: ${status} ${bytes.toString()}`),
            );
          }
          resolve({
            status,
            bytes,
            mediaType: response.headers["content-type"] ?? "",
            location: response.headers.location ?? "",
          });
        });
      },
    );
    request.on("error", reject);
    request.end(content?.bytes ?? "");
  });
}

/** Puts a sample and everything below it into a repository, then its tags. Answers its descriptor. */
export async function put(
  target: Target,
  sample: Sample,
  ...tags: readonly string[]
): Promise<SampleDescriptor> {
  for (const blob of sample.blobs) await target.putBlob(blob);
  for (const child of sample.children) await put(target, child);
  await target.putManifest(sample, sample.descriptor.digest);
  for (const tag of tags) await target.putManifest(sample, tag);
  return sample.descriptor;
}

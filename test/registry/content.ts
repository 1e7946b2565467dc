import type { OrderedMisdeed, Misdeed } from "./misbehaviour";
import type { RecordedRequest } from "./recorder";
import {
  dropManifest,
  digestOf,
  type Storage,
  type StoredManifest,
} from "./storage";

/** Direct access to what a registry holds, past all of its checks. */
export interface Content {
  /** the digest a tag names now */
  tag(repository: string, tag: string): string | undefined;
  tags(repository: string): readonly string[];
  blob(repository: string, digest: string): Uint8Array | undefined;
  manifest(repository: string, digest: string): StoredManifest | undefined;
  manifests(repository: string): readonly string[];
  repositories(): readonly string[];
  createRepository(repository: string): void;
  /** Answers the sha256 digest, or `digest` itself where the bytes are to lie under a digest of our choice. */
  putBlob(repository: string, bytes: Uint8Array, digest?: string): string;
  putManifest(
    repository: string,
    manifest: StoredManifest,
    digest?: string,
  ): string;
  setTag(repository: string, tag: string, digest: string): void;
  deleteTag(repository: string, tag: string): void;
  deleteManifest(repository: string, digest: string): void;
  deleteBlob(repository: string, digest: string): void;
}

/** Stands by while a request has arrived, and again when it was served and not yet answered. To throw is to hang up. */
export type Bystander = (
  moment: "arrived" | "served",
  request: RecordedRequest,
) => Promise<void> | void;

/** A registry that runs. */
export interface TestRegistry extends Content {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `http://127.0.0.1:PORT`, or https */
  readonly origin: string;
  /** the certificate to trust, where `tls` */
  readonly caPem: string | undefined;
  /** every request so far, in order of arrival */
  readonly requests: readonly RecordedRequest[];
  /** uploads begun, neither finished nor cancelled */
  openUploads(): readonly string[];
  resetRequests(): void;
  misbehave(misdeed: Misdeed): OrderedMisdeed;
  /** Drops every misdeed. */
  behave(): void;
  expireTokens(): void;
  /** Lets one bystander watch every request from now on. */
  watch(bystander: Bystander | undefined): void;
  /** Destroys all sockets and listens again on its port; with another secret it knows no upload any more. */
  restart(how: { readonly forgetUploads: boolean }): Promise<void>;
  /** Destroys all sockets and stops. */
  close(): Promise<void>;
}

/** The content methods over a storage. */
export function contentOf(storage: Storage): Content {
  return {
    tag: (name, tag) => storage.find(name)?.tags.get(tag),
    tags: (name) => [...(storage.find(name)?.tags.keys() ?? [])].sort(),
    blob: (name, digest) => storage.find(name)?.blobs.get(digest),
    manifest: (name, digest) => storage.find(name)?.manifests.get(digest),
    manifests: (name) =>
      [...(storage.find(name)?.manifests.keys() ?? [])].sort(),
    repositories: () => storage.names(),
    createRepository: (name) => void storage.demand(name),
    putBlob(name, bytes, digest = digestOf(bytes)) {
      storage.demand(name).blobs.set(digest, bytes);
      return digest;
    },
    putManifest(name, manifest, digest = digestOf(manifest.bytes)) {
      storage.demand(name).manifests.set(digest, manifest);
      return digest;
    },
    setTag: (name, tag, digest) =>
      void storage.demand(name).tags.set(tag, digest),
    deleteTag: (name, tag) => void storage.find(name)?.tags.delete(tag),
    deleteManifest: (name, digest) =>
      void dropManifest(storage.demand(name), digest),
    deleteBlob: (name, digest) => void storage.find(name)?.blobs.delete(digest),
  };
}

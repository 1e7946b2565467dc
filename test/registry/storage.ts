import { createHash } from "node:crypto";

/** A manifest as it was put. */
export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One repository's content. Blobs belong to it only once uploaded or mounted here. */
export interface Repository {
  readonly blobs: Map<string, Uint8Array>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
}

/** The content of all repositories, by name. It checks nothing: tests may put what no registry would take. */
export interface Storage {
  find(name: string): Repository | undefined;
  /** the repository, made if missing */
  demand(name: string): Repository;
  names(): readonly string[];
}

/** An empty storage. */
export function createStorage(): Storage {
  const repositories = new Map<string, Repository>();
  return {
    find: (name) => repositories.get(name),
    names: () => [...repositories.keys()].sort(),
    demand(name) {
      const known = repositories.get(name);
      if (known) return known;
      const made = { blobs: new Map(), manifests: new Map(), tags: new Map() };
      repositories.set(name, made);
      return made;
    },
  };
}

/** `sha256:…` (or `sha512:…`) of bytes; written apart from the product, so that a fault there shows. */
export function digestOf(bytes: Uint8Array, algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** The algorithm of a digest in the grammar of the spec, `undefined` where it is none. */
export function algorithmIn(digest: string): "sha256" | "sha512" | undefined {
  if (/^sha256:[a-f0-9]{64}$/.test(digest)) return "sha256";
  return /^sha512:[a-f0-9]{128}$/.test(digest) ? "sha512" : undefined;
}

/** Removes a manifest and every tag on it. Answers whether it was there. */
export function dropManifest(repository: Repository, digest: string): boolean {
  for (const [tag, target] of repository.tags) {
    if (target === digest) repository.tags.delete(tag);
  }
  return repository.manifests.delete(digest);
}

import type { TestRegistry } from "../registry/registry";
import { sha256 } from "../samples/target";

/** What a place holds, whatever kind of place it is. */
export interface Held {
  /** names and the digests that they mean */
  readonly tags: ReadonlyMap<string, string>;
  /** the bytes of a manifest or blob, read past our own code */
  read(digest: string): Uint8Array | undefined;
}

/** One repository of a registry of ours. */
export function heldBy(registry: TestRegistry, repository: string): Held {
  return {
    tags: new Map(
      registry
        .tags(repository)
        .map((tag) => [tag, registry.tag(repository, tag) ?? ""]),
    ),
    read: (digest) =>
      registry.manifest(repository, digest)?.bytes ??
      registry.blob(repository, digest),
  };
}

interface Named {
  readonly digest: string;
  readonly size: number;
}

interface Content {
  readonly manifests?: readonly Named[];
  readonly config?: Named;
  readonly layers?: readonly Named[];
}

/** I2: what is wrong below a digest: missing, of another size, or not what its digest says. */
export function flawsBelow(held: Held, digest: string): readonly string[] {
  const bytes = held.read(digest);
  if (bytes === undefined) return [`${digest} is missing`];
  if (sha256(bytes) !== digest) return [`${digest} has other bytes`];
  const content = contentOf(bytes);
  const children = content.manifests ?? [];
  const blobs = [content.config, ...(content.layers ?? [])].filter(
    (one) => one !== undefined,
  );
  return [
    ...blobs.flatMap((blob) => flawsOf(held, blob)),
    ...children.flatMap((child) => flawsBelow(held, child.digest)),
  ];
}

function flawsOf(held: Held, { digest, size }: Named): readonly string[] {
  const bytes = held.read(digest);
  if (bytes === undefined) return [`${digest} is missing`];
  if (bytes.length !== size) return [`${digest} has another size`];
  return sha256(bytes) === digest ? [] : [`${digest} has other bytes`];
}

/** What is wrong with a place: I2 for every name it has, and, where evidence is named, for what it is about (G2). */
export function flawsIn(held: Held): readonly string[] {
  return [...held.tags].flatMap(([tag, digest]) => {
    const subject = /^(sha256)-([0-9a-f]{64})(\.(sig|att|sbom))?$/.exec(tag);
    const about = subject ? [`${subject[1]}:${subject[2]}`] : [];
    return [digest, ...about]
      .flatMap((one) => flawsBelow(held, one))
      .map((flaw) => `${tag}: ${flaw}`);
  });
}

function contentOf(bytes: Uint8Array): Content {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return typeof value === "object" && value !== null ? value : {};
}

/** Everything that a digest names, with its size: itself, manifests and blobs. */
export function closureOf(
  held: Held,
  digest: string,
): ReadonlyMap<string, number> {
  const bytes = held.read(digest);
  if (bytes === undefined) throw new Error(`${digest} is missing`);
  const { manifests = [], config, layers = [] } = contentOf(bytes);
  const blobs = config ? [config, ...layers] : layers;
  return new Map([
    [digest, bytes.length],
    ...blobs.map((one): [string, number] => [one.digest, one.size]),
    ...manifests.flatMap((one) => [...closureOf(held, one.digest)]),
  ]);
}

/** I4: credentials that a registry saw and that are not its own: another user's name, or a token that it never gave. */
export function strangersAt(
  registry: TestRegistry,
  user: string,
): readonly string[] {
  return registry.requests.flatMap(({ authorization, method, path }) => {
    if (authorization === undefined) return [];
    const isOurs =
      authorization.scheme === "Basic"
        ? authorization.user === user
        : authorization.scopes !== undefined;
    return isOurs ? [] : [`${method} ${path}: ${authorization.scheme}`];
  });
}

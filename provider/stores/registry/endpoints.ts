import type { Digest } from "../../oci/digest";

/** The addresses of one repository (distribution-spec end-1 … end-14). */
export interface Endpoints {
  /** `host[:port]` that is really asked: `registry-1.docker.io` for `docker.io` (W05) */
  readonly host: string;
  readonly origin: string;
  /** the repository's name without its host */
  readonly name: string;
  manifest(tagOrDigest: string): URL;
  blob(digest: Digest): URL;
  /** Where an upload begins, with a query: `{ mount, from }`, or `{}` (end-4a, end-11). */
  uploads(query: Readonly<Record<string, string>>): URL;
  tags(query: Readonly<Record<string, string>>): URL;
  referrers(subject: Digest): URL;
  /** Whether a URL lies under `/v2/<this repository>/` of this origin: pagination may not lead elsewhere (N14). */
  holds(url: URL): boolean;
}

const aliases: ReadonlyMap<string, string> = new Map([
  ["docker.io", "registry-1.docker.io"],
  ["index.docker.io", "registry-1.docker.io"],
]);

/** The host that answers for a registry's name. */
export function apiHost(registry: string): string {
  return aliases.get(registry) ?? registry;
}

/** Makes a repository's addresses; each path segment is encoded, so none leaves `/v2/<name>/` (W06). */
export function endpointsOf(repository: {
  readonly registry: string;
  readonly name: string;
  readonly plainHttp: boolean;
}): Endpoints {
  const host = apiHost(repository.registry);
  const base = new URL(`${repository.plainHttp ? "http" : "https"}://${host}/`);
  const root = `/v2/${repository.name.split("/").map(encodeURIComponent).join("/")}/`;
  const at = (
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): URL => {
    const url = new URL(base);
    url.pathname = root + path;
    for (const [name, value] of Object.entries(query))
      url.searchParams.append(name, value);
    return url;
  };
  return {
    host,
    origin: base.origin,
    name: repository.name,
    manifest: (tagOrDigest) => at(`manifests/${segment(tagOrDigest)}`),
    blob: (digest) => at(`blobs/${segment(digest)}`),
    uploads: (query) => at("blobs/uploads/", query),
    tags: (query) => at("tags/list", query),
    referrers: (subject) => at(`referrers/${segment(subject)}`),
    holds: (url) => url.origin === base.origin && url.pathname.startsWith(root),
  };
}

/** A colon is legal in a path, and some registries know it only as it is. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

const dockerHub = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
]);

/** A key of some configuration as `host[:port][/path]`: no scheme, no slash at the end, Docker Hub under its one name (§4.2). */
export function normalizedKey(key: string): string {
  const scheme = /^https?:\/\//i.exec(key)?.[0];
  const [host = "", ...path] = key
    .slice(scheme?.length ?? 0)
    .replace(/\/+$/, "")
    .split("/");
  const name = dockerHub.has(host.toLowerCase())
    ? "docker.io"
    : host.toLowerCase();
  const isLegacy = /^v[12]$/.test(path[0] ?? "") && path.length === 1;
  return scheme !== undefined || isLegacy ? name : [name, ...path].join("/");
}

/** The entries whose key names the repository, or whole leading segments of it; only the longest ones. */
export function longestMatches<T>(
  entries: readonly (readonly [key: string, value: T])[],
  repository: string,
): readonly (readonly [key: string, value: T])[] {
  const matching = entries.filter(
    ([key]) => repository === key || repository.startsWith(`${key}/`),
  );
  const longest = Math.max(...matching.map(([key]) => key.length));
  return matching.filter(([key]) => key.length === longest);
}

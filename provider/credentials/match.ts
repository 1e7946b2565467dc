import { registryName } from "../oci/repository";

/** A key of some configuration as `host[:port][/path]`: no scheme, no slash at the end, Docker Hub under its one name (§4.2). */
export function normalizedKey(key: string): string {
  const scheme = /^https?:\/\//i.exec(key)?.[0];
  const [host = "", ...path] = key
    .slice(scheme?.length ?? 0)
    .replace(/\/+$/, "")
    .split("/");
  const name = registryName(host.toLowerCase());
  return scheme !== undefined || isLegacy(path)
    ? name
    : [name, ...path].join("/");
}

const isLegacy = (path: readonly string[]): boolean =>
  path.length === 1 && /^v[12]$/.test(path[0] ?? "");

/** A key that a user wrote for us: what stands behind the host narrows it. Only Docker's own `https://…/v1/` means the whole host. */
export function narrowKey(key: string): string {
  const written = key.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
  const [host = "", ...path] = written.split("/");
  const isWhole = path.length === 0 || (written !== key && isLegacy(path));
  return isWhole
    ? normalizedKey(host)
    : [normalizedKey(host), ...path].join("/");
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

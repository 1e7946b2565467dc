import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** A folder of ours that may be lost: `$XDG_CACHE_HOME/artifact-mirror/…`, else below `~/.cache`. */
export function cacheFolder(...names: readonly string[]): string {
  const given = process.env["XDG_CACHE_HOME"] ?? "";
  const caches = isAbsolute(given) ? given : join(homedir(), ".cache");
  return join(caches, "artifact-mirror", ...names);
}

import type { Where } from "./errors";
import type { Source } from "./ports";

/** A place, and a tag or digest in it, for an error: `repository:tag`, or `repository@sha256:…`. */
export function whereIn(
  { side, repository }: Pick<Source, "side" | "repository">,
  tagOrDigest?: string,
): Where {
  if (tagOrDigest === undefined) return { side, reference: repository };
  const mark = tagOrDigest.includes(":") ? "@" : ":";
  return { side, reference: `${repository}${mark}${tagOrDigest}` };
}

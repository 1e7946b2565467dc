import type { Authority, Evidence } from "../../mirror/ports";

/** Whether an authority can read a piece of evidence at all. */
export function canRead(
  authority: Authority,
  { via, artifactType, layers, layer }: Evidence,
): boolean {
  const { mediaType } = layer;
  return authority.reads({ via, artifactType, layers, mediaType });
}

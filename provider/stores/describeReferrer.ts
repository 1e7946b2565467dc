import type { Descriptor } from "../oci/descriptor";
import { artifactTypeOf, type Manifest } from "../oci/manifest";

/** A manifest as a listing of referrers describes it: with what readers filter by (W107). */
export function describeReferrer(
  { mediaType, digest, size }: Descriptor,
  manifest: Manifest,
): Descriptor {
  const { annotations } = manifest;
  const artifactType = artifactTypeOf(manifest);
  return { mediaType, digest, size, artifactType, annotations };
}

import type { EvidenceManifest } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { artifactTypeOf } from "../../../oci/manifest";

/** A referrer as a list of referrers describes it, and as a plugin is told. */
export interface ReferenceDescriptor extends Pick<
  Descriptor,
  "mediaType" | "digest" | "size" | "annotations"
> {
  readonly artifactType: string;
}

/** Whether it was found as a referrer: cosign's tags and BuildKit's children are none. */
export function isReferrer({ via }: EvidenceManifest): boolean {
  return via === "referrer";
}

/** Describes a referrer by what it says itself. */
export function referenceOf({
  node: { descriptor, manifest },
}: EvidenceManifest): ReferenceDescriptor {
  const { mediaType, digest, size } = descriptor;
  const { annotations } = manifest;
  return {
    mediaType,
    digest,
    size,
    artifactType: artifactTypeOf(manifest),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/** The artifact type by which plugins are chosen. */
export function typeOf({ node }: EvidenceManifest): string {
  return artifactTypeOf(node.manifest);
}

/** In an order that does not depend on how they were found. */
export function inOrder(
  referrers: readonly EvidenceManifest[],
): readonly EvidenceManifest[] {
  const digest = ({ node }: EvidenceManifest) => node.descriptor.digest;
  return referrers.toSorted((one, other) =>
    digest(one) < digest(other) ? -1 : 1,
  );
}

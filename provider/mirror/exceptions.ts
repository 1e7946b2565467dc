import type { Descriptor } from "../oci/descriptor";
import { MirrorError } from "./errors";
import type { Artifact } from "./graph";
import type { Copy } from "./moves";
import type { Reach, Source } from "./ports";
import { whereIn } from "./where";

/** Throws where the destination is known to refuse an index whose children are not all there. */
export function mustTakeSparse(
  sparse: readonly Descriptor[],
  destination: Source,
  artifact: Artifact,
): void {
  if (sparse.length === 0 || destination.sparseIndex !== "refused") return;
  throw new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: "could not leave platforms out",
    where: whereIn(destination, artifact.root.descriptor.digest),
    why: `this registry refuses an index without its children, and ${sparse.length} would be missing (re-writing the index would void its signatures)`,
    remedy:
      "take `platforms` away, or mirror to a registry that accepts sparse indexes",
  });
}

/** A layer that is to be fetched from elsewhere (`urls`) is copied only from the source itself (W152, N01). */
export async function mustHaveForeignLayers(
  copies: readonly Copy[],
  reach: Reach,
): Promise<void> {
  for (const { blob, from } of copies) {
    if (!blob.urls?.length || (await from.has(blob, reach))) continue;
    throw new MirrorError({
      fault: "unsupported",
      code: "UNSUPPORTED",
      what: "could not copy a foreign layer",
      where: whereIn(from, blob.digest),
      why: "the source does not hold its bytes, it only says where else they may be, and such addresses are never followed",
      remedy: "push the layer's bytes to the source registry",
    });
  }
}

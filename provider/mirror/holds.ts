import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { childrenOf } from "../oci/manifest";
import { isIndexType } from "../oci/mediaType";
import { isAbsent } from "./errors";
import { maxIndexDepth, readNode } from "./graph";
import type { Node, Reach, Source } from "./ports";

/** Whether something at a place is the digest, or an index that has it anywhere below. Throws where that cannot be told. */
export async function holds(
  place: Source,
  wanted: { readonly digest: Digest; readonly in: Descriptor },
  reach: Reach,
): Promise<boolean> {
  let level: readonly Descriptor[] = [wanted.in];
  const met = new Set<Digest>();
  for (let depth = 0; depth <= maxIndexDepth && level.length > 0; depth++) {
    if (level.some(({ digest }) => digest === wanted.digest)) return true;
    const below: Descriptor[] = [];
    for (const index of level) {
      if (!isIndexType(index.mediaType) || met.has(index.digest)) continue;
      met.add(index.digest);
      const node = await readIfThere(place, index, reach);
      if (node) below.push(...childrenOf(node.manifest));
    }
    level = below;
  }
  return false;
}

/** An index may lack some of its children. */
async function readIfThere(
  place: Source,
  index: Descriptor,
  reach: Reach,
): Promise<Node | undefined> {
  try {
    return await readNode(place, index, reach);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

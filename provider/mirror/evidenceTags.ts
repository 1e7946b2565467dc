import { mapBounded } from "./bounded";
import { parseNode } from "./graph";
import { joinLayers } from "./joinLayers";
import type { TagMove } from "./moves";
import type { EvidenceManifest, Node, Reach, Source } from "./ports";

const asksAtOnce = 8;

/** What becomes of cosign's tags at the destination. */
export interface EvidenceTags {
  readonly moves: readonly TagMove[];
  /** where the destination has signatures of its own under the tag: what is written instead, so that none is lost */
  readonly joined: ReadonlyMap<EvidenceManifest, Node>;
}

/** Compares cosign's tags on both sides. An SBOM tag is replaced, because it names one document and not a list. */
export async function evidenceTagMoves(
  evidence: readonly EvidenceManifest[],
  ask: { readonly destination: Source; readonly reach: Reach },
): Promise<EvidenceTags> {
  const joined = new Map<EvidenceManifest, Node>();
  const moves = await mapBounded(
    evidence,
    asksAtOnce,
    async (one): Promise<TagMove[]> => {
      if (one.tag === undefined) return [];
      const served = await ask.destination.fetch(one.tag, ask.reach);
      const present = served?.descriptor;
      if (!present) return [{ tag: one.tag, node: one.node }];
      if (present.digest === one.node.descriptor.digest) return [];
      const node =
        one.via === "sbom"
          ? one.node
          : joinLayers(one.node, parseNode(ask.destination, served));
      joined.set(one, node);
      return node.descriptor.digest === present.digest
        ? []
        : [{ tag: one.tag, node, was: present.digest }];
    },
  );
  return { moves: moves.flat(), joined };
}

import { mapBounded } from "./bounded";
import { readNode } from "./graph";
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
      const present = await ask.destination.resolve(one.tag, ask.reach);
      if (!present) return [{ tag: one.tag, node: one.node }];
      if (present.digest === one.node.descriptor.digest) return [];
      const node =
        one.via === "sbom"
          ? one.node
          : joinLayers(
              one.node,
              await readNode(ask.destination, present, ask.reach),
            );
      joined.set(one, node);
      return node.descriptor.digest === present.digest
        ? []
        : [{ tag: one.tag, node, was: present.digest }];
    },
  );
  return { moves: moves.flat(), joined };
}

import type { Sample } from "../samples/target";
import { sha256 } from "../samples/target";
import type { Entry } from "./journal";
import type { Stage } from "./stage";

/** The layer of the first platform: the blob that scenarios spoil. */
export function layerOf(stage: Stage): { digest: string; size: number } {
  const [bytes] = stage.artifact.children[0]?.blobs.slice(1) ?? [];
  if (!bytes) throw new Error("the sample has no layer");
  return { digest: sha256(bytes), size: bytes.length };
}

/** The first platform's manifest. */
export function childOf(stage: Stage): Sample {
  const [child] = stage.artifact.children;
  if (!child) throw new Error("the sample has no child");
  return child;
}

/** What asks for one digest, by path or as the blob that an upload commits. */
export function pathTo(digest: string): RegExp {
  const hex = digest.slice("sha256:".length);
  return new RegExp(`sha256(:|%3A)${hex}`);
}

/** Requests about one digest, in order. */
export function askedFor(
  journal: readonly Entry[],
  digest: string,
  method?: string,
): readonly Entry[] {
  const path = pathTo(digest);
  return journal.filter(
    (one) =>
      (method === undefined || one.method === method) &&
      path.test(`${one.path}?${one.query}`),
  );
}

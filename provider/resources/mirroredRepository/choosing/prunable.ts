import type { Inputs } from "../inputs";

/** More tags than this are never removed at a time, unless told otherwise. */
export const defaultMaxPrune = 10;

/** What is known when it is asked which tags may go. */
export interface Stock {
  /** tags at the destination that this resource mirrored */
  readonly mirrored: Iterable<string>;
  /** all tags of the source; absent where it could not be asked */
  readonly source: readonly string[] | undefined;
  /** tag at the destination → tag at the source */
  readonly chosen: ReadonlyMap<string, string>;
  /** whether the user pins the tag */
  readonly isPinned: (tag: string) => boolean;
  /** whether a chosen tag is, or is about to be, at the destination */
  readonly isComing: (tag: string) => boolean;
}

/**
 * Mirrored tags that are no longer chosen, where the user wants them gone: `prune: "untag"`. None where the source could not be asked, where
 * nothing is there or chosen, and where a tag that would take the place of others is not let in.
 */
export function prunable(
  { prune, tags }: Pick<Inputs, "prune" | "tags">,
  { mirrored, source, chosen, isPinned, isComing }: Stock,
): readonly string[] {
  const isWished = prune === "untag" && tags.mode !== "higher";
  const isSure = source !== undefined && source.length > 0 && chosen.size > 0;
  if (!isWished || !isSure) return [];
  const isBounded = tags.mode === "highest" || tags.newest !== undefined;
  const names = [...chosen.keys()];
  if (isBounded && !names.every(isComing)) return [];
  return [...mirrored].filter((tag) => !chosen.has(tag) && !isPinned(tag));
}

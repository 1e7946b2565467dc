import { selectTags } from "../../../selectors/select";
import type { Inputs } from "../inputs";

/** Which tags the rules choose, and how many each rule dropped. */
export interface Selection {
  /** tag at the destination → tag at the source, in the order of the mode */
  readonly chosen: ReadonlyMap<string, string>;
  /** rule → how many */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Pure: what the rules choose of what both sides list. */
export function selectionOf(
  { given }: { readonly given: Pick<Inputs, "tags" | "rename"> },
  listed: {
    readonly source: readonly string[];
    /** absent where the registry has no list of tags */
    readonly destination?: readonly string[] | undefined;
  },
): Selection {
  const { source, destination = [] } = listed;
  const { chosen, counts } = selectTags(given, { source, destination });
  return {
    chosen: new Map(chosen.map(({ name, tag }) => [name, tag])),
    dropped: counts,
  };
}

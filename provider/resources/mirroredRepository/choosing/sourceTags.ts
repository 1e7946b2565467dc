import { renamer } from "../../../selectors/rename";
import type { Inputs } from "../inputs";

/** Tag at the destination → tag at the source, of all that the source lists; what is chosen goes before what only has the same name, and of several that would have one name, none is meant. */
export function sourceTags(
  { rename }: Pick<Inputs, "rename">,
  source: readonly string[],
  chosen: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const nameOf = renamer(rename);
  const names = new Map<string, string>();
  const shared = new Set<string>();
  for (const tag of source) {
    const name = nameOf(tag);
    if (names.has(name)) shared.add(name);
    names.set(name, tag);
  }
  for (const name of shared) names.delete(name);
  for (const [name, tag] of chosen) names.set(name, tag);
  return names;
}

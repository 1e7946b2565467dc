import { renamer } from "../../selectors/rename";
import type { Inputs } from "./inputs";

/** Tag at the destination → tag at the source, of all that the source lists; what is chosen goes before what only has the same name. */
export function sourceTags(
  { rename }: Pick<Inputs, "rename">,
  source: readonly string[],
  chosen: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const nameOf = renamer(rename);
  const names = new Map(source.map((tag) => [nameOf(tag), tag]));
  for (const [name, tag] of chosen) names.set(name, tag);
  return names;
}

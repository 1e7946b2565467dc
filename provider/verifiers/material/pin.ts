import type { Value } from "../../mirror/lifecycle";
import { textOf } from "../../mirror/textOf";
import type { Problem } from "../problem";
import { readMaterialFile } from "./file";
import { materialsIn, withTexts, type Placed } from "./inPolicy";
import { placeOf } from "./place";

/** What a user wrote, with the digest of each file behind its path: a changed file then shows in the diff. */
export function pinFiles(
  schema: unknown,
  value: Value,
): { readonly value: Value; readonly problems: readonly Problem[] } {
  const pinned: Placed[] = [];
  const problems: Problem[] = [];
  for (const { path, text } of materialsIn(schema, value)) {
    try {
      const place = placeOf(text);
      if (place?.kind !== "file") continue;
      const { digest } = readMaterialFile(place);
      pinned.push({ path, text: `file:${place.path}@${digest}` });
    } catch (error) {
      problems.push({ path, reason: textOf(error) });
    }
  }
  return { value: withTexts(value, pinned), problems };
}

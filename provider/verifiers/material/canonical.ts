import { materialsIn, withTexts } from "./inPolicy";
import { placeOf } from "./place";

/** Settings whose trust material lies elsewhere, with its digests in its place; `undefined` where all of it is at hand. Pure: nothing is read. */
export function canonicalPlaces(schema: unknown, settings: unknown): unknown {
  const placed = materialsIn(schema, settings).flatMap(({ path, text }) => {
    const place = placeOf(text);
    return place === undefined ? [] : [{ path, text: place.digest ?? text }];
  });
  return placed.length === 0 ? undefined : withTexts(settings, placed);
}

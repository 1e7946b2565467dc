import type { Filter } from "../rule";
import { wholeMatch } from "../wholeMatch";

/** Only tags that match. */
export const pattern: Filter<string> = {
  name: "pattern",
  prepare({ pattern: wanted }) {
    if (wanted === undefined) return undefined;
    const matches = wholeMatch(wanted);
    return (tag) =>
      matches(tag) ? undefined : `does not match \`${wanted}\` as a whole`;
  },
};

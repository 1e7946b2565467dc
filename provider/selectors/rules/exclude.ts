import type { Filter } from "../rule";
import { wholeMatch } from "../wholeMatch";

/** No tag that matches one of these. */
export const exclude: Filter<string> = {
  name: "exclude",
  prepare({ exclude: unwanted = [] }) {
    if (unwanted.length === 0) return undefined;
    const patterns = unwanted.map((written) => ({
      written,
      matches: wholeMatch(written),
    }));
    return (tag) => {
      const met = patterns.find(({ matches }) => matches(tag));
      return met && `matches \`${met.written}\``;
    };
  },
};

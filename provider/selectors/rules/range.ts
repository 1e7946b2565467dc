import Range from "semver/classes/range";
import type { Filter } from "../rule";
import { canonical, type Version } from "../version";

/** Only versions in a range, as npm reads it. With `compatibility` the suffix is a flavour, and the range is about the version before it. */
export const range: Filter<Version> = {
  name: "range",
  prepare(tags) {
    const { range: wanted, compatibility, prereleases = false } = tags;
    if (wanted === undefined) return undefined;
    const parsed = new Range(wanted, { includePrerelease: prereleases });
    return (version) => {
      const text =
        compatibility === undefined
          ? canonical(version)
          : version.core.join(".");
      // a number that npm cannot hold is in no range
      return parsed.test(text) ? undefined : `is not in \`${wanted}\``;
    };
  },
};

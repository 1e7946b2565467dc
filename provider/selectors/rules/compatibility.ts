import type { Filter } from "../rule";
import type { Version } from "../version";

/** Only versions whose pre-release is exactly this. */
export const compatibility: Filter<Version> = {
  name: "compatibility",
  prepare: ({ compatibility: wanted }) =>
    wanted === undefined
      ? undefined
      : ({ prerelease }) => {
          if (prerelease === wanted) return undefined;
          return prerelease === ""
            ? `has no pre-release, and \`${wanted}\` is wanted`
            : `has the pre-release \`${prerelease}\`, and \`${wanted}\` is wanted`;
        },
};

import type { Filter } from "../rule";
import type { Version } from "../version";

/** Pre-releases by explicit wish only. */
export const prereleases: Filter<Version> = {
  name: "prereleases",
  prepare: ({ prereleases: wanted = false, compatibility }) =>
    wanted || compatibility !== undefined
      ? undefined
      : ({ prerelease }) =>
          prerelease === ""
            ? undefined
            : `has the pre-release \`${prerelease}\`; \`compatibility\` or \`prereleases\` takes such`,
};

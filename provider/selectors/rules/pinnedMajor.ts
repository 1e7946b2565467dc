import type { Filter } from "../rule";
import type { Version } from "../version";

/** Only versions of one major version. */
export const pinnedMajor: Filter<Version> = {
  name: "pinnedMajor",
  prepare: ({ pinnedMajor: wanted }) =>
    wanted === undefined
      ? undefined
      : ({ core: [major] }) =>
          major === String(wanted)
            ? undefined
            : `has the major version ${major}, and ${wanted} is pinned`,
};

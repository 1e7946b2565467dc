import type { Filter } from "../rule";
import { compareNumbers, type Version } from "../version";

/** The highest major version that is believed to be one (replicant's). */
const highestMajor = 1024;

/** Whether a major version is rather a date or a build number. */
export function isBeyondMajors(major: string): boolean {
  return compareNumbers(major, String(highestMajor)) > 0;
}

/** Dates and build numbers are no versions, unless the user says that they are. */
export const calendar: Filter<Version> = {
  name: "calendar",
  prepare: ({ calendar: wanted = false }) =>
    wanted
      ? undefined
      : ({ core: [major] }) =>
          isBeyondMajors(major)
            ? `has a major version above ${highestMajor}, so it is taken for a date or a build number; \`calendar: true\` takes it for a version`
            : undefined,
};

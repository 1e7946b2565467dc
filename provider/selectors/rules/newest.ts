import type { CutRule } from "../rule";
import { compareVersions, type Version } from "../version";

/** Of what is left, only so many of the highest versions; all tags of one version count once. */
export const newest: CutRule = {
  name: "newest",
  prepare: ({ newest: count }) =>
    count === undefined
      ? undefined
      : (ascending) => ({
          keptFrom: startOf(ascending, count),
          why: () => `is not among the ${count} highest versions`,
        }),
};

function startOf(ascending: readonly Version[], count: number): number {
  let versions = 0;
  for (let index = ascending.length - 1; index >= 0; index -= 1) {
    if (isNewVersion(ascending, index)) versions += 1;
    if (versions > count) return index + 1;
  }
  return 0;
}

function isNewVersion(ascending: readonly Version[], index: number): boolean {
  const [version, next] = [ascending[index], ascending[index + 1]];
  return !version || !next || compareVersions(version, next) !== 0;
}

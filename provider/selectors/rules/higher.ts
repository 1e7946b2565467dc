import type { Cut, CutRule } from "../rule";
import type { TagsInput } from "../tagsInput";
import { compareVersions, type Version } from "../version";
import { aboveAll } from "./ties";

/** Every version above the destination's highest. */
export const higher: CutRule = {
  name: "higher",
  prepare: ({ mode, whenEmpty = "none" }) =>
    mode === "higher"
      ? (ascending, destination) => {
          const [first, ...others] = destination;
          return first
            ? aboveHighest(ascending, others.reduce(higherOf, first))
            : atFirst[whenEmpty](ascending);
        }
      : undefined,
};

function higherOf(one: Version, other: Version): Version {
  return compareVersions(other, one) > 0 ? other : one;
}

function aboveHighest(ascending: readonly Version[], top: Version): Cut {
  const index = ascending.findIndex(
    (version) => compareVersions(version, top) > 0,
  );
  return {
    keptFrom: index < 0 ? ascending.length : index,
    why: () => `is not above ${top.tag}, the destination's highest`,
  };
}

const atFirst: Readonly<
  Record<
    NonNullable<TagsInput["whenEmpty"]>,
    (ascending: readonly Version[]) => Cut
  >
> = {
  none: ({ length }) => ({
    keptFrom: length,
    why: () =>
      "has nothing to be compared with: the destination has no such version yet; `whenEmpty` says what then comes first",
  }),
  highest: aboveAll,
  all: () => ({ keptFrom: 0, why: () => "" }),
};

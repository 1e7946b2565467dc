/** Choices that are the same for the same seed. */
export interface Dice {
  readonly seed: number;
  /** One of a list that is not empty. */
  one<Item>(from: readonly Item[]): Item;
}

/** Dice by a seed, the same in every run; `INTEROP_SEED` throws others. */
export function diceOf(
  seed = Number(process.env["INTEROP_SEED"] ?? 20_261_121),
): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    seed,
    one(from) {
      const item = from[Math.floor(next() * from.length)];
      if (item === undefined) throw new Error("nothing to choose from");
      return item;
    },
  };
}

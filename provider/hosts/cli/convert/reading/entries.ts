import type { DraftEntry } from "../draft";
import type { Given, Mapping } from "./given";
import { LeftOut } from "./log";

/** Reads each entry by itself: one that cannot be carried over is left out with its reason, and the others go on. */
export function givenEntries<Entry extends DraftEntry>(
  all: readonly Given[],
  read: (entry: Mapping, at: Given) => Entry,
): readonly Entry[] {
  return all.flatMap((given) => {
    try {
      return [read(given.mapping(), given)];
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      given.page.log.leaveOut(given, `left out: ${error.message}`);
      return [];
    }
  });
}

import type { Reach } from "../../../mirror/ports";
import { pause } from "../pace/retry";
import type { Place } from "../place";

/** How long a registry may take to show what was written to it (W59, F33). */
export const visibleWithinMs = 30_000;

const firstWaitMs = 500;

/** Asks again, after pauses that double, until the answer is enough. */
export async function askUntil<Answer>(
  { clock }: Pick<Place, "clock">,
  by: {
    readonly ask: () => Promise<Answer>;
    readonly isEnough: (answer: Answer) => boolean;
  },
  reach: Reach,
): Promise<Answer> {
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const answer = await by.ask();
    if (by.isEnough(answer)) return answer;
    await pause(waitMs, reach.signal, clock);
  }
}

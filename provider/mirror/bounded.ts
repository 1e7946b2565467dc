import type { Reach } from "./reach";

/** Maps with at most `limit` calls in flight; answers keep the order. The first throw ends it: what waits is not started. */
export async function mapBounded<Item, Answer>(
  items: readonly Item[],
  limit: number,
  answer: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) answers[index] = await answer(item);
  };
  let failed = true;
  try {
    await Promise.all(
      Array.from({ length: Math.min(limit, items.length) }, work),
    );
    failed = false;
  } finally {
    if (failed) for (const _ of waiting);
  }
  return answers;
}

/** Does work that writes: the first failure gives up what else is under way, and is thrown only when all of it has ended. */
export async function eachBounded<Item>(
  items: readonly Item[],
  { limit, reach }: { readonly limit: number; readonly reach: Reach },
  work: (item: Item, reach: Reach) => Promise<unknown>,
): Promise<void> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([reach.signal, giveUp.signal]);
  const failures: unknown[] = [];
  await mapBounded(items, limit, async (item) => {
    if (failures.length > 0) return;
    try {
      await work(item, { ...reach, signal });
    } catch (error) {
      failures.push(error);
      giveUp.abort();
    }
  });
  if (failures.length > 0) throw failures[0];
}

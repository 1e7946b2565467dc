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

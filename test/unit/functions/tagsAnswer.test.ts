import { answerOf } from "../../../provider/functions/tags/answer";

const names = (count: number) =>
  Array.from({ length: count }, (_, n) => `t${n}`);
const dropped = (count: number) =>
  names(count).map((tag) => ({ tag, rule: "version", reason: "is none" }));
const chosen = (count: number) =>
  names(count).map((tag) => ({ tag: `c${tag}`, name: tag }));
const nothing = { chosen: [], dropped: [], missing: [], counts: {} };

test("an answer that would be too large leaves out dropped tags, counts them, and never a chosen one", () => {
  const answer = answerOf(
    {
      ...nothing,
      chosen: chosen(10),
      dropped: dropped(60_000),
      counts: { version: 60_000 },
    },
    { source: names(60_010) },
  );
  expect(answer).toMatchObject({
    listed: 60_010,
    omitted: 10_010,
    dropped: { version: 60_000 },
  });
  expect(answer.tags).toHaveLength(50_000);
  expect(answer.tags.filter(({ chosen }) => chosen)).toHaveLength(10);
  expect(answer.chosen).toHaveLength(10);
});

test("more chosen tags than an answer can name are an error and no shortened list", () => {
  expect(() =>
    answerOf({ ...nothing, chosen: chosen(50_001) }, { source: [] }),
  ).toThrow(
    expect.objectContaining({ fault: "exceeded", code: "LIMIT_EXCEEDED" }),
  );
});

test("where nothing is chosen, the rule that dropped most is told first", () => {
  const counts = { pattern: 1, version: 2 };
  const selection = { ...nothing, dropped: dropped(3), counts };
  expect(answerOf(selection, { source: names(3) }).message).toBe(
    "none of 3 tags is chosen: rule `version` dropped 2, rule `pattern` dropped 1",
  );
});

test("where much is missing, ten are named", () => {
  const selection = { ...nothing, missing: names(12) };
  expect(answerOf(selection, { source: ["x"] }).message).toBe(
    "the source does not have 12 of the tags of `list`: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, …",
  );
});

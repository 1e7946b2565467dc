import { setTimeout } from "node:timers/promises";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import { withinDeadline } from "../../../provider/verifiers/requirements/where/deadline";
import { keyOf, subject, vendor } from "./judging";
import { judgeStated, stated } from "./stating";

const type = "https://acme.example/check/v1";
const by = [keyOf(vendor)];
const policy = (where: string) => ({ attestations: [{ type, by, where }] });

async function verdictOn(where: string, predicate: unknown) {
  const evidence = await stated(vendor, { predicateType: type, predicate });
  return judgeStated(policy(where), { evidence: [evidence] });
}

const scan = {
  scanner: { result: { summary: { critical: 0, score: 7.5, whole: 7 } } },
  list: ["a", "b"],
  finished: "2026-10-01T08:00:00Z",
  nothing: null,
  nested: { "a.b": { c: true } },
};

describe("an expression", () => {
  test.each([
    "predicate.scanner.result.summary.critical == 0",
    "predicate.scanner.result.summary.critical < 1",
    "predicate.scanner.result.summary.critical + 1 == 1",
    "predicate.scanner.result.summary.score > 7",
    "predicate.scanner.result.summary.score + 1.0 == 8.5",
    "predicate.scanner.result.summary.whole == 7.0",
    "size(predicate.list) < 3",
    "predicate.list[0] == 'a'",
    "'b' in predicate.list",
    "predicate.list.all(one, one.matches('^[ab]$'))",
    "timestamp(predicate.finished) > timestamp('2026-09-30T00:00:00Z')",
    "timestamp(predicate.finished) - timestamp('2026-09-30T00:00:00Z') < duration('48h')",
    "predicate.nested['a.b'].c",
    "predicate.nothing == null",
    "!has(predicate.missing)",
    "!('toString' in predicate) && !has(predicate.constructor)",
    "statement._type == 'https://in-toto.io/Statement/v1'",
    `statement.predicateType == '${type}'`,
    "size(statement.subject) == 1",
    "statement.predicate.list == predicate.list",
    `artifact.digest == '${subject.digest}'`,
    `artifact.mediaType == '${subject.mediaType}'`,
    "artifact.repository == 'source.example/acme/app'",
    "artifact.reference.startsWith('source.example/acme/app@sha256:')",
    `signer.keyId == '${vendor.keyId}'`,
    "!has(signer.identity)",
  ])("%s is met", async (where) => {
    expect(await verdictOn(where, scan)).toMatchObject({ outcome: "passed" });
  });

  test.each([
    ["a missing field", "predicate.missing == 0"],
    ["a missing field, negated", "predicate.missing != 0"],
    ["a missing field of the signer", "signer.identity != 'evil'"],
    ["what is false", "predicate.scanner.result.summary.critical > 0"],
    ["a number", "predicate.scanner.result.summary.critical"],
    ["a text", "'true'"],
    ["nothing", "predicate.nothing"],
    ["another type", "predicate.list > 3"],
    ["a text where a number is wanted", "predicate.finished + 1 == 0"],
    ["what is inherited", "predicate.constructor.name == 'Object'"],
    ["no time", "timestamp('soon') < timestamp(predicate.finished)"],
    ["a bad pattern", "predicate.finished.matches('(')"],
    ["a division by zero", "1 / predicate.scanner.result.summary.critical > 0"],
  ])("T36: %s is not met: %s", async (_, where) => {
    expect(await verdictOn(where, scan)).toMatchObject({
      outcome: "failed",
      code: "POLICY",
      reason: expect.stringContaining("does not meet `where`"),
      satisfiedBy: [],
    });
  });

  test("T36: what is not met is shown", async () => {
    const where = "predicate.finished == 'soon'";
    expect(await verdictOn(where, scan)).toMatchObject({
      reason: `does not meet \`where\` (is false): ${where}`,
    });
  });

  test("T39: members that are named as what objects inherit have no effect", async () => {
    const predicate = JSON.parse('{"__proto__": {"good": true}, "n": 1}');
    expect(await verdictOn("has(predicate.good)", predicate)).toMatchObject({
      code: "POLICY",
    });
  });

  test.each([
    [
      "an endless comprehension",
      "predicate.x.exists(a, predicate.x.exists(b, predicate.x.exists(c, a + b + c == -1)))",
      { x: Array.from({ length: 3000 }, (_, i) => i) },
    ],
    [
      "a hostile pattern",
      "predicate.s.matches(predicate.r)",
      { s: "x".repeat(300_000), r: "(x?){1000}(x?){1000}x{1000}" },
    ],
  ])("T36: %s is not met, in time", async (_, where, predicate) => {
    const before = performance.now();
    const verdict = await verdictOn(where, predicate);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(verdict).toMatchObject({ code: "POLICY" });
    expect(verdict.reason).toContain("took longer than 500 ms");
    // the event loop goes on, and so does the evaluator
    await setTimeout(1);
    expect(
      await verdictOn("predicate.scanner != null && true", scan),
    ).toMatchObject({ outcome: "passed" });
  });

  test("T36: a pattern that other engines never end is answered at once", async () => {
    const predicate = { s: `${"a".repeat(50_000)}!` };
    const verdict = await verdictOn(
      "!predicate.s.matches('^(a+)+$')",
      predicate,
    );
    expect(verdict).toMatchObject({ outcome: "passed" });
  });

  test.each([
    ["predicate.a ==", "expecting"],
    ["predicat.a == 1", "no `predicat`"],
    ["true || predicat.a == 1", "no `predicat`"],
    ["predicate.list.exists(one, two == 1)", "no `two`"],
    ["sise(predicate.a) == 1", "no function `sise`"],
    ["predicate.a.startWith('x')", "no function `startWith`"],
    ["signer.isuer == 'x'", "`signer` has no `isuer`"],
    ["has(artifact.tag)", "`artifact` has no `tag`"],
    ["[predicat] == [1]", "no `predicat`"],
    ["{'a': predicat} == {}", "no `predicat`"],
    ["(".repeat(9000), "is not a usable CEL expression"],
  ])(
    "that cannot work is found before anything is judged: %s",
    async (where, why) => {
      expect(await examinePolicy(policy(where))).toEqual([
        {
          path: ["attestations", 0, "where"],
          reason: expect.stringContaining(why),
        },
      ]);
      await expect(verdictOn(where, scan)).rejects.toThrow(why);
    },
  );

  test.each([
    "type(predicate.a) == int && predicate.list.map(x, x + 1).exists_one(y, y == 2)",
    "signer.extensions.sourceRepositoryUri == 'x' || artifact.digest in [predicate.d]",
    "predicate.all(key, key != 'a') ? true : false",
    "google.protobuf.Timestamp{seconds: 1} < timestamp(predicate.t)",
  ])("that may work is not refused before: %s", async (where) => {
    expect(await examinePolicy(policy(where))).toEqual([]);
  });
});

describe("a deadline", () => {
  test("lets through what is done and what is thrown", () => {
    expect(withinDeadline(() => undefined, 1000)).toBeUndefined();
    const thrown = new Error("as it was");
    expect(() =>
      withinDeadline(() => {
        throw thrown;
      }, 1000),
    ).toThrow(thrown);
  });

  test("interrupts work wherever it is", () => {
    const endless = () => {
      for (;;) Math.random();
    };
    expect(() => withinDeadline(endless, 20)).toThrow("took longer than 20 ms");
  });
});

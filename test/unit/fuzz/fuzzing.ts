import fc from "fast-check";
import { Refusal } from "../../../provider/verifiers/refusal";
import { MalformedError } from "../../../provider/oci/malformed";

const given = Number(process.env["FUZZ_SEED"] ?? Number.NaN);

/** How many times as often as usual everything is tried. */
const times = Number(process.env["FUZZ_TIMES"] ?? 1);

/** What this run's dice begin with: the same number gives the same run. */
const seed = Number.isSafeInteger(given) ? given : 20_261_121;

process.stdout.write(`fuzz: FUZZ_SEED=${seed} repeats this run\n`);

/** No call may take longer; the usual is below one millisecond. */
const longestMs = 5000;

/** Puts a property to many values, each in bounded time. */
export async function fuzz<Value>(
  values: fc.Arbitrary<Value>,
  property: (value: Value) => void | Promise<void>,
  numRuns = 600,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const start = performance.now();
      await property(value);
      expect(performance.now() - start).toBeLessThan(longestMs);
    }),
    { seed, numRuns: numRuns * times },
  );
}

/** A class of errors that a reader documents. */
export type Documented = abstract new (...parts: never[]) => Error;

/** What most readers of evidence throw. */
export const refusals: readonly Documented[] = [Refusal, MalformedError];

/** What was read, or undefined where it was refused as documented; anything else that is thrown is a fault. */
export async function readOrRefused<Value>(
  read: () => Value | Promise<Value>,
  documented: readonly Documented[] = refusals,
): Promise<Value | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (documented.some((kind) => isOf(thrown, kind))) return undefined;
    throw thrown;
  }
}

/** Plain `Error` means just that: a `TypeError` is nobody's way of saying no. */
function isOf(thrown: unknown, kind: Documented): boolean {
  if (kind !== Error) return thrown instanceof kind;
  return (
    thrown instanceof Error &&
    !/^(Type|Range|Reference|Eval|URI|Internal)Error$/.test(thrown.name)
  );
}

/** The words of an engine's own errors: where a reason has them, something was read that was not there. */
export const slips =
  /Cannot (read|set|convert|destructure)|is not (a function|iterable|defined)|call stack/;

/** Numbers from 0 to one less than the bound. */
export type Dice = (bound: number) => number;

/** The same dice for the same number (mulberry32). */
function diceOf(start: number): Dice {
  let state = start >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** One of a list that is not empty. */
export function oneOf<Value>(list: readonly Value[], dice: Dice): Value {
  const [first] = list;
  const chosen = list[dice(list.length)] ?? first;
  if (chosen === undefined) throw new Error("a choice among nothing");
  return chosen;
}

/** Changes one thing in a document. */
export type Mutation = (document: Buffer, dice: Dice) => Buffer;

/** Samples with one to three things changed in them, each by one of the mutations. */
export function mutants(
  samples: readonly Buffer[],
  ...mutations: readonly Mutation[]
): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 3 }))
    .map(([start, times]) => {
      const dice = diceOf(start);
      let document = oneOf(samples, dice);
      for (let time = 0; time < times; time += 1) {
        document = oneOf(mutations, dice)(document, dice);
      }
      return document;
    });
}

/** One byte or a few: flipped, cut out, put in, or all behind them cut off. */
export const inBytes: Mutation = (document, dice) => {
  const at = dice(document.length + 1);
  const head = document.subarray(0, at);
  const some = Buffer.from(
    Array.from({ length: 1 + dice(4) }, () => dice(256)),
  );
  const skipped = [0, some.length, 1 + dice(16), document.length];
  const tail = document.subarray(at + oneOf(skipped, dice));
  return Buffer.concat(dice(3) === 0 ? [head, tail] : [head, some, tail]);
};

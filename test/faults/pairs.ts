import { faults, type Fault } from "./catalog";
import { broken, brokenRerun, endOf, storyOf } from "./invariants";
import { setStage } from "./stage";
import { dice } from "./virtualClock";

/** One of each kind: what the pairs in CI are made of. */
const kinds = [
  "cut-blob-at-1000",
  "range-ignored",
  "429-with-retry-after",
  "500-on-manifest",
  "truncated-manifest",
  "wrong-digest-blob",
  "head-no-digest",
  "503-on-token",
  "reset-upload",
  "500-on-upload",
  "lost-response",
  "early-401",
  "lost-session",
  "503-on-tag",
  "immutable",
  "eventual",
];

/** A fault that is known by its word. */
export function faultNamed(word: string): Fault {
  const found = faults.find((one) => one.word === word);
  if (!found) throw new Error(`there is no fault called ${word}`);
  return found;
}

/** Every two of a kind. */
export const pairs: readonly (readonly [Fault, Fault])[] = kinds
  .map(faultNamed)
  .flatMap((one, at, all) =>
    all.slice(at + 1).map((other) => [one, other] as const),
  );

/** Faults out of all there are, as many as the dice say. */
export function drawn(seed: number): readonly Fault[] {
  const roll = dice(seed);
  const count = 2 + Math.floor(roll() * 2);
  const chosen = new Set<Fault>();
  while (chosen.size < count) {
    const fault = faults[Math.floor(roll() * faults.length)];
    if (fault) chosen.add(fault);
  }
  return [...chosen];
}

/** Copies under several faults at once, then again without any. Answers what promise was broken, with the story; empty where none was. */
export async function play(
  together: readonly Fault[],
  seed: number,
): Promise<readonly string[]> {
  const stage = await setStage({ seed });
  const roll = dice(seed);
  try {
    const ordered = together.map(({ side, rules, required }) => {
      const { proxy } = side === "source" ? stage.from : stage.to;
      const orders = rules.map((rule) => {
        const isOften = (rule.times ?? 1) > 1 || rules.length > 1;
        const nth = isOften ? 1 : 1 + Math.floor(roll() * 3);
        return proxy.misbehave({ ...rule, nth });
      });
      return { required, orders };
    });
    const outcome = await stage.up();
    // one fault may stand before another, which then never happens
    const happened = ordered
      .filter(({ orders }) => orders.some(({ hits }) => hits > 0))
      .map(({ required }) => required);
    const story = storyOf(stage, outcome);
    const complaints = [
      ...unlikely(happened, endOf(outcome)),
      ...broken(stage, outcome),
      ...(await brokenRerun(stage)),
    ];
    return complaints.length === 0 ? [] : [...complaints, story];
  } finally {
    await stage.close();
  }
}

/** What each fault alone survives, all of them together do; and a refusal is one that a fault explains. */
function unlikely(
  happened: readonly Fault["required"][],
  end: string,
): readonly string[] {
  const codes = happened.flatMap((required) =>
    required.ends === "refused" ? [required.code] : [],
  );
  const isExplained =
    codes.includes(end) || (end === "copied" && codes.length === 0);
  return isExplained ? [] : [`it ended as ${end}`];
}

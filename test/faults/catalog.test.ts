import { faults } from "./catalog";
import { broken, brokenRerun, endOf, storyOf } from "./invariants";
import { destinationName, useStages } from "./stage";

const set = useStages();

test.each(faults.map((one) => [one.word, one.required.ends, one] as const))(
  "%s: %s",
  async (_, __, { side, rules, required }) => {
    const stage = await set();
    const { proxy } = side === "source" ? stage.from : stage.to;
    for (const rule of rules) proxy.misbehave(rule);
    const outcome = await stage.up();
    const wanted = required.ends === "copied" ? "copied" : required.code;
    if (endOf(outcome) !== wanted) throw new Error(storyOf(stage, outcome));
    const isTagged = stage.to.registry.tag(destinationName, "1") !== undefined;
    expect(isTagged).toBe(required.ends === "copied");
    expect(proxy.journal.some(({ misbehaved }) => misbehaved)).toBe(true);
    expect(broken(stage, outcome)).toEqual([]);
    expect(await brokenRerun(stage)).toEqual([]);
  },
);

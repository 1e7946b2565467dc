import { asked, sum } from "./process";
import { counting, small, type Signed } from "./published";

test.each<Signed>(["not", "by tag", "by referrer"])(
  "§3.3: a second preview of what is signed %s is two requests where nothing is watched, six where the root is",
  (how) =>
    counting(async ({ source, destination, open, publish }) => {
      const inputs = await publish(small, how);
      const state = await open().up(inputs);
      const look = async (watch: string) => {
        asked(source);
        asked(destination);
        await open().look({ ...inputs, evidence: { watch } }, state);
        return [asked(source), asked(destination)].map(sum);
      };
      await expect(look("none")).resolves.toEqual([1, 1]);
      // the tag; the referrers and three cosign tags, each by the one request that proves its absence
      await expect(look("root")).resolves.toEqual([5, 1]);
    }),
);

test("an up with nothing to do writes nothing", () =>
  counting(async ({ destination, open, publish }) => {
    const inputs = await publish(small, "by referrer");
    const state = await open().up(inputs);
    asked(destination);
    await open().up(inputs, state);
    const found = asked(destination);
    expect(Object.keys(found).filter((word) => word.startsWith("P"))).toEqual(
      [],
    );
  }));

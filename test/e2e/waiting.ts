import { movedClock } from "../lifecycle/clock";
import { cooled } from "../lifecycle/cooled";
import { behindGate, declareBad } from "../lifecycle/gated";
import { inCliScene, must } from "./cliScene";

const up = ["up", "--yes", "--skip-preview"] as const;

/** A cooldown, and a gate. */
export function waiting(cli: string): void {
  test("what waits for its age is no change, is kept in state by an up that changes nothing, and comes in by its date", async () => {
    const clock = movedClock();
    try {
      await inCliScene(cli, { env: clock.env }, async (scene) => {
        const { digest: old } = await scene.publish("one");
        scene.app(cooled);
        await must(scene.pulumi(...up));
        const { digest } = await scene.publish("two");
        const preview = scene.pulumi("preview", "--expect-no-changes");
        expect((await must(preview)).text).toMatch(
          /not taken yet: seen first 20.*it may come in on 20/,
        );
        await must(scene.pulumi(...up));
        expect(scene.resource("app")?.outputs).toMatchObject({
          digest: old,
          candidate: { digest },
        });
        clock.move("73h");
        await must(scene.pulumi(...up));
        expect(scene.resource("app")?.outputs).toMatchObject({ digest });
        expect(scene.resource("app")?.outputs).not.toHaveProperty("candidate");
        await must(scene.pulumi("preview", "--expect-no-changes"));
      });
    } finally {
      clock.remove();
    }
  });

  test("a gate shows all of twenty refusals and registers nothing, in preview and in up", () =>
    inCliScene(cli, {}, async (scene) => {
      const names = await declareBad(scene, 20);
      behindGate(scene);
      for (const command of [["preview"], up]) {
        const { exitCode, text } = await scene.pulumi(...command);
        expect(exitCode).not.toBe(0);
        expect(text).toContain("gate: 20 of 20 may not come in");
        const shown = names.filter((name) => text.includes(`${name}: refused`));
        expect(shown).toEqual(names);
      }
      expect(scene.resource("bad-0")).toBeUndefined();
    }));
}

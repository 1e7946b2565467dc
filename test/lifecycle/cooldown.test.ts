import { inScene, type Scene, type SceneOptions } from "./scene";
import { movedClock, type MovedClock } from "./clock";

const cooled = { minAge: { duration: "72h", by: "firstSeen", onNew: "admit" } };

/** A scene whose plugin has a clock that can be moved. */
async function inTime(
  work: (scene: Scene, clock: MovedClock) => Promise<void>,
  options: SceneOptions = {},
): Promise<void> {
  const clock = movedClock();
  try {
    await inScene({ ...options, env: clock.env }, (scene) =>
      work(scene, clock),
    );
  } finally {
    clock.remove();
  }
}

/** What is mirrored, and what moved the source's tag since. */
async function moved(scene: Scene, args: object = cooled) {
  const { digest: old } = await scene.publish("one");
  scene.app({ ...args });
  expect((await scene.engine.up()).exitCode).toBe(0);
  const { digest: next } = await scene.publish("two");
  return { old, next };
}

const mirrored = (scene: Scene) => scene.destination.tag("mirror/app", "1");
const candidateOf = ({ engine }: Scene) =>
  Object(engine.resource("app")?.outputs)["candidate"];

test("what the source newly names waits: preview and up name its date, nothing changes, and it comes in when it is old enough", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    const preview = await scene.engine.preview({ expectNoChanges: true });
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toMatch(
      `names ${next} now, which is not taken yet: seen first 20`,
    );
    expect(preview.text).toMatch(/it may come in on 20.*by firstSeen/);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(candidateOf(scene)).toMatchObject({ digest: next });
    expect(mirrored(scene)).toBe(old);
    clock.move("71h");
    const early = await scene.engine.up({ expectNoChanges: true });
    expect(early.exitCode).toBe(0);
    clock.move("73h");
    const ripe = await scene.engine.preview();
    expect(ripe.steps.find(({ op }) => op === "update")?.diff).toHaveProperty([
      "digest",
    ]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(next);
    expect(candidateOf(scene)).toBeUndefined();
    const settled = await scene.engine.preview({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
  }));

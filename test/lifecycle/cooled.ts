import type { Sample } from "../samples/target";
import { movedClock, type MovedClock } from "./clock";
import { inScene, type Scene, type SceneOptions } from "./scene";

export const cooled = {
  minAge: { duration: "72h", by: "firstSeen", onNew: "admit" },
};

/** A scene whose plugin has a clock that can be moved. */
export async function inTime(
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
export async function moved(
  scene: Scene,
  how: {
    readonly args?: Readonly<Record<string, unknown>>;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly samples?: readonly [Sample, Sample];
    readonly signed?: boolean;
  } = {},
): Promise<{ readonly old: string; readonly next: string }> {
  const { args = cooled, options, samples, signed = true } = how;
  const [first, second] = samples ?? [];
  const { digest: old } = await scene.publish("one", {
    ...(first && { sample: first }),
  });
  scene.app(args, options);
  const up = await scene.engine.up();
  if (up.exitCode !== 0) throw new Error(up.text);
  const { digest: next } = await scene.publish("two", {
    signed,
    ...(second && { sample: second }),
  });
  return { old, next };
}

/** What the destination's tag names. */
export const mirrored = (scene: Scene): string | undefined =>
  scene.destination.tag("mirror/app", "1");

/** What waits, as state has it. */
export const candidateIn = ({ engine }: Scene): unknown =>
  Object(engine.resource("app")?.outputs)["candidate"];

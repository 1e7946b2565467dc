import { image } from "../samples/artifacts";
import { put } from "../samples/target";
import { candidateIn, cooled, inTime, mirrored, moved } from "./cooled";

jest.setTimeout(180_000); // many runs a test

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
    expect(candidateIn(scene)).toMatchObject({ digest: next });
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
    expect(candidateIn(scene)).toBeUndefined();
    const settled = await scene.engine.preview({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
  }));

test("a candidate that is replaced by another starts anew, and one that the source took back is forgotten", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    expect((await scene.engine.up()).exitCode).toBe(0);
    clock.move("71h");
    const { digest: third } = await scene.publish("three");
    expect((await scene.engine.refresh()).exitCode).toBe(0);
    expect(candidateIn(scene)).toMatchObject({ digest: third });
    clock.move("73h");
    await scene.publish("two");
    const up = await scene.engine.up({ expectNoChanges: true });
    expect(up.exitCode).toBe(0);
    expect(candidateIn(scene)).toMatchObject({ digest: next });
    await scene.publish("one");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect([mirrored(scene), candidateIn(scene)]).toEqual([old, undefined]);
  }));

test("a preview alone remembers nothing, and says so; refresh does", () =>
  inTime(async (scene, clock) => {
    const { next } = await moved(scene);
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("; only up and refresh remember that");
    expect(candidateIn(scene)).toBeUndefined();
    await scene.engine.refresh();
    clock.move("73h");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(next);
  }));

test("a clock that goes back makes it wait longer, and never comes in early", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    expect((await scene.engine.up()).exitCode).toBe(0);
    clock.move("-400d");
    const up = await scene.engine.up({ expectNoChanges: true });
    expect(up.exitCode).toBe(0);
    expect(mirrored(scene)).toBe(old);
    clock.move("73h");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(next);
  }));

test("a candidate that is old enough is judged like everything else: nobody signed it, so it is refused", () =>
  inTime(async (scene, clock) => {
    const { old } = await moved(scene, { signed: false });
    expect((await scene.engine.up()).exitCode).toBe(0);
    clock.move("73h");
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("signedBy NO_EVIDENCE");
    expect(mirrored(scene)).toBe(old);
  }));

test("somebody else's tag at the destination is put back while a candidate waits", () =>
  inTime(async (scene) => {
    const { old } = await moved(scene);
    await put(scene.mirror, image({ seed: "stranger" }), "1");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(old);
  }));

test("a new resource by firstSeen is an error, unless what is there now is admitted", () =>
  inTime(async (scene) => {
    await scene.publish("one");
    scene.app({ minAge: { duration: "72h", by: "firstSeen" } });
    for (const run of [await scene.engine.preview(), await scene.engine.up()]) {
      expect(run.exitCode).toBe(1);
      expect(run.text).toMatch(
        /minAge\.onNew.*a new resource has seen nothing/,
      );
    }
    scene.app(cooled);
    expect((await scene.engine.up()).exitCode).toBe(0);
  }));

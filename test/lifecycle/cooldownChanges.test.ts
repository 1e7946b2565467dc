import { image } from "../samples/artifacts";
import { candidateIn, cooled, inTime, mirrored, moved } from "./cooled";
import type { Scene } from "./scene";

jest.setTimeout(180_000); // many runs a test

/** One run that succeeds, and what is mirrored then. */
async function up({ engine, ...scene }: Scene) {
  const run = await engine.up();
  expect(run.text).not.toContain("error");
  expect(run.exitCode).toBe(0);
  return scene.destination.tag("mirror/app", "1");
}

const weekly = { minAge: { ...cooled.minAge, duration: "7d" } };

test.each([
  ["taken away", {}, "0s"],
  ["shortened", { minAge: { ...cooled.minAge, duration: "1h" } }, "2h"],
])("where minAge is %s, what waited comes in", (_, less, age) =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene, { args: weekly });
    expect(await up(scene)).toBe(old);
    clock.move(age);
    scene.app(less);
    expect(await up(scene)).toBe(next);
  }),
);

test("a minAge that is added when the tag has moved already counts from then on", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene, { args: {} });
    scene.app(weekly);
    expect(await up(scene)).toBe(old);
    expect(candidateIn(scene)).toMatchObject({ digest: next });
    clock.move("6d");
    expect(await up(scene)).toBe(old);
    clock.move("8d");
    expect(await up(scene)).toBe(next);
  }));

test("a first sight counts for another word, and a date by another word does not", () =>
  inTime(async (scene, clock) => {
    const annotations = {
      "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
    };
    const samples = [image(), image({ seed: "two", annotations })] as const;
    const { old, next } = await moved(scene, { samples });
    expect(await up(scene)).toBe(old);
    clock.move("1h");
    scene.app({ minAge: { duration: "72h", by: "created" } });
    expect(await up(scene)).toBe(old);
    expect(await up(scene)).toBe(next);
  }));

test("a pinned digest is held against minAge too: refused while it is too young, kept where that is wished, and let in by its date", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    expect(await up(scene)).toBe(old);
    scene.app({ ...cooled, digest: next });
    const early = await scene.engine.preview();
    expect(early.exitCode).toBe(1);
    expect(early.text).toMatch(
      /too young: source .*: seen first 20.*it may come/,
    );
    scene.app({ ...cooled, digest: next, onRefused: "keep" });
    expect(await up(scene)).toBe(old);
    clock.move("73h");
    scene.app({ ...cooled, digest: next });
    expect(await up(scene)).toBe(next);
  }));

test("a pin on what is mirrored is let in whatever its age", () =>
  inTime(async (scene) => {
    const { old } = await moved(scene, { args: {} });
    scene.app({ minAge: { duration: "72h", by: "created" }, digest: old });
    expect(await up(scene)).toBe(old);
    const settled = await scene.engine.preview({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
  }));

test("what is frozen by ignoreChanges stays, whatever waits and however long", () =>
  inTime(async (scene, clock) => {
    const options = { ignoreChanges: ["digest"] };
    const { old } = await moved(scene, { options });
    expect(await up(scene)).toBe(old);
    clock.move("73h");
    const settled = await scene.engine.up({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
    expect(mirrored(scene)).toBe(old);
  }));

test("another source is new: by firstSeen nothing of it was seen, so it is refused unless what is there now is admitted", () =>
  inTime(async (scene) => {
    const strict = { duration: "72h", by: "firstSeen" };
    const { old } = await moved(scene);
    await scene.publish("other", { tag: "2" });
    const source = `${scene.source.host}/acme/app:2`;
    scene.app({ source, minAge: strict });
    const refused = await scene.engine.preview();
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(
      /acme\/app:2@sha256:.*no up and no refresh has seen it yet/,
    );
    expect(mirrored(scene)).toBe(old);
    scene.app({ ...cooled, source });
    expect(await up(scene)).toBe(scene.source.tag("acme/app", "2"));
  }));

test("where nothing is refreshed before an update, nothing is seen, so nothing new comes in", () =>
  inTime(
    async (scene, clock) => {
      const { old } = await moved(scene);
      expect(await up(scene)).toBe(old);
      clock.move("73h");
      const settled = await scene.engine.preview({ expectNoChanges: true });
      expect(settled.text).toContain("only up and refresh remember that");
      expect(settled.exitCode).toBe(0);
      expect(mirrored(scene)).toBe(old);
    },
    { provider: { refreshBeforeUpdate: false } },
  ));

test("a source that does not answer leaves what waits as it is remembered", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    expect(await up(scene)).toBe(old);
    const silent = scene.source.misbehave({
      path: /manifests/,
      times: Infinity,
      action: { status: 403 },
    });
    expect((await scene.engine.refresh()).exitCode).toBe(0);
    silent.stop();
    expect(silent.hits).toBeGreaterThan(0);
    expect(candidateIn(scene)).toMatchObject({ digest: next });
    clock.move("73h");
    expect(await up(scene)).toBe(next);
  }));

test("a digest that was never seen at the tag has no age by firstSeen: that is said, and no date is promised", () =>
  inTime(async (scene) => {
    const { old } = await moved(scene);
    const { digest } = await scene.publish("aside", { tag: "aside" });
    scene.app({ ...cooled, digest });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("no up and no refresh has seen it yet");
    expect(text).not.toContain("it may come in on");
    expect(mirrored(scene)).toBe(old);
  }));

test("a source that names another digest is new, and one that names what has waited long enough comes in", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene);
    expect(await up(scene)).toBe(old);
    const strict = { duration: "72h", by: "firstSeen" };
    clock.move("73h");
    scene.app({ minAge: strict, source: `${scene.from}@${next}` });
    expect(await up(scene)).toBe(next);
    const { digest: third } = await scene.publish("three");
    scene.app({ minAge: strict, source: `${scene.from}@${third}` });
    expect((await scene.engine.preview()).exitCode).toBe(1);
    scene.app({ ...cooled, source: `${scene.from}@${third}` });
    expect(await up(scene)).toBe(third);
  }));

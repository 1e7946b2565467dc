import { writes } from "../registry/recorder";
import { mirroredTags, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

jest.setTimeout(180_000);

const tags = ["1.0.0", "1.1.0", "1.2.0", "2.0.0"];
const all = { tags: { mode: "semver" } };
const newer = { tags: { mode: "semver", range: ">=1.2" }, prune: "untag" };

/** All four are mirrored; then the rules choose the last two alone. */
async function narrowed(scene: Scene, more: object = {}) {
  const digests = await publishTags(scene, tags);
  scene.declare({ app: repositoryOf(scene, all) });
  expect((await scene.engine.up()).exitCode).toBe(0);
  scene.declare({ app: repositoryOf(scene, { ...newer, ...more }) });
  scene.destination.resetRequests();
  return digests;
}

const outputsOf = (scene: Scene) => scene.engine.resource("app")?.outputs;
const digestsOf = (scene: Scene) =>
  Object.keys(Object(outputsOf(scene)?.digests));

test("tags that are no longer chosen are shown in the preview, and untagged by up", () =>
  inScene({}, async (scene) => {
    await narrowed(scene);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toContain("2 to prune, 2 unchanged");
    expect(preview.text).toContain("to prune: 1.0.0, 1.1.0");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(["1.2.0", "2.0.0"]);
    expect(digestsOf(scene)).toEqual(["1.2.0", "2.0.0"]);
    expect((await scene.engine.preview()).text).toContain("2 unchanged");
  }));

test("prune keep, which is the default: they stay, and there is nothing to do", () =>
  inScene({}, async (scene) => {
    await narrowed(scene, { prune: "keep" });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    expect(digestsOf(scene)).toEqual(tags);
  }));

test("more than maxPrune: the preview fails with both numbers, and nothing goes", () =>
  inScene({}, async (scene) => {
    await narrowed(scene, { maxPrune: 1 });
    for (const run of ["preview", "up"] as const) {
      const { exitCode, text } = await scene.engine[run]();
      expect(exitCode).toBe(1);
      expect(text).toContain(
        "2 mirrored tags are no longer chosen, and at most 1 may go at a time: ",
      );
      expect(text).toContain("raise maxPrune to 2");
    }
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    scene.declare({ app: repositoryOf(scene, { ...newer, maxPrune: 2 }) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(["1.2.0", "2.0.0"]);
  }));

test("a tag that somebody else moved in the meantime is left where it is, and is not ours any more", () =>
  inScene({}, async (scene) => {
    await narrowed(scene);
    const moved = { done: false };
    scene.onCall = async ({ method }) => {
      if (method !== "Update" || moved.done) return;
      moved.done = true;
      await publishTags(scene, ["1.0.0"], {
        seed: "theirs",
        registry: scene.destination,
        repository: "mirror/app",
      });
    };
    const up = await scene.engine.up();
    expect(up.text).toMatch(
      /not pruned, and no longer ours: 1.0.0: it names sha256:\w+, which was not put there by us/,
    );
    expect(Object.keys(mirroredTags(scene))).toEqual([
      "1.0.0",
      "1.2.0",
      "2.0.0",
    ]);
    expect(digestsOf(scene)).toEqual(["1.2.0", "2.0.0"]);
  }));

test("a second list that still has the tag, or does not come, keeps it", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, tags);
    scene.declare({
      app: repositoryOf(scene, { tags: { mode: "all" }, prune: "untag" }),
    });
    await scene.engine.up();
    const without = Object.keys(digests).filter((tag) => tag !== "1.0.0");
    const lack = (times: number) =>
      scene.source.misbehave({
        path: /acme\/app\/tags/,
        times,
        action: {
          status: 200,
          body: JSON.stringify({ name: "acme/app", tags: without }),
        },
      });
    lack(1);
    const first = await scene.engine.up();
    expect(first.exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    scene.source.behave();
    lack(1);
    scene.source.misbehave({
      path: /acme\/app\/tags/,
      nth: 2,
      times: Infinity,
      action: { status: 403 },
    });
    const second = await scene.engine.up();
    expect(second.text).toContain("could not be listed a second time");
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    scene.source.behave();
    lack(Infinity);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(without);
  }));

test.each([
  ["an empty list", { status: 200, body: '{"name":"acme/app","tags":[]}' }],
  ["no answer", { status: 403 }],
])("a source that gives %s prunes nothing", (_, action) =>
  inScene({}, async (scene) => {
    await narrowed(scene);
    scene.source.misbehave({ path: /tags\/list/, times: Infinity, action });
    await scene.engine.up();
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    expect(digestsOf(scene)).toEqual(tags);
  }),
);

test("rules that choose nothing prune nothing, and say so", () =>
  inScene({}, async (scene) => {
    await narrowed(scene, { tags: { mode: "semver", range: ">=7" } });
    const { exitCode, text } = await scene.engine.up();
    expect(exitCode).toBe(0);
    expect(text).toContain("nothing is pruned while the rules choose nothing");
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
  }));

test("highest: a new version that is refused does not take the old one away", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, tags);
    const highest = {
      tags: { mode: "highest" },
      prune: "untag",
      onRefused: "keep",
    };
    scene.declare({ app: repositoryOf(scene, highest) });
    await scene.engine.up();
    await publishTags(scene, ["3.0.0"], { signed: false });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(["2.0.0"]);
    await publishTags(scene, ["3.0.0"]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toContain("3.0.0");
    await scene.engine.up();
    expect(digestsOf(scene)).toEqual(["3.0.0"]);
  }));

test("a registry that removes no tags: the run fails, says so, and the next preview shows it again", () =>
  inScene({}, async (scene) => {
    await narrowed(scene);
    scene.destination.misbehave({
      method: "DELETE",
      path: /manifests/,
      times: Infinity,
      action: { status: 405 },
    });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("2 could not be pruned");
    expect(Object.keys(mirroredTags(scene))).toEqual(tags);
    expect(digestsOf(scene)).toEqual(tags);
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("to prune: 1.0.0, 1.1.0");
    scene.destination.behave();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(digestsOf(scene)).toEqual(["1.2.0", "2.0.0"]);
    expect(
      writes(scene.destination.requests).filter(({ kind }) => kind === "blob"),
    ).toEqual([]);
  }));

import { writes } from "../registry/recorder";
import { mirroredTags, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

jest.setTimeout(180_000);

const tags = ["1.0.0", "1.1.0"];
const all = { tags: { mode: "all" } };
const follow = { ...all, replaceTag: "verified" };

const outputsOf = (scene: Scene) => scene.engine.resource("app")?.outputs;
const theirs = (scene: Scene) => ({
  seed: "theirs",
  registry: scene.destination,
  repository: "mirror/app",
});

async function mirrored(scene: Scene, rules: object) {
  const digests = await publishTags(scene, tags);
  scene.declare({ app: repositoryOf(scene, rules as typeof follow) });
  expect((await scene.engine.up()).exitCode).toBe(0);
  return digests;
}

test("replaceTag never, the default: a tag that moved at the source stays as it was mirrored", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, all);
    await publishTags(scene, ["1.0.0"], { seed: "two" });
    const up = await scene.engine.up();
    expect(up.text).toContain("2 unchanged");
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("replaceTag verified: it follows, with both digests in the preview", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, follow);
    const moved = await publishTags(scene, ["1.0.0"], { seed: "two" });
    const preview = await scene.engine.preview();
    expect(preview.text).toContain(
      `to move: 1.0.0 (${digests["1.0.0"]} → ${moved["1.0.0"]})`,
    );
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual({ ...digests, ...moved });
    expect(outputsOf(scene)).toMatchObject({ digests: moved });
  }));

test("replaceTag verified: what is refused does not move the tag", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, follow);
    await publishTags(scene, ["1.0.0"], { seed: "two", signed: false });
    expect((await scene.engine.preview()).exitCode).toBe(1);
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(mirroredTags(scene)).toEqual(digests);
    expect(outputsOf(scene)).toMatchObject({ digests });
  }));

test("replaceTag verified: a tag that somebody moved at the destination is put back", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, follow);
    await publishTags(scene, ["1.1.0"], theirs(scene));
    expect(mirroredTags(scene)).not.toEqual(digests);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("a tag that names something of somebody else at the destination is left alone, counted, and named", () =>
  inScene({}, async (scene) => {
    const { "1.0.0": theirsNow } = await publishTags(
      scene,
      ["1.0.0"],
      theirs(scene),
    );
    await publishTags(scene, tags);
    scene.declare({ app: repositoryOf(scene, all) });
    for (const run of ["preview", "up"] as const) {
      const report = await scene.engine[run]();
      expect(report.exitCode).toBe(0);
      expect(report.text).toMatch(
        new RegExp(
          `warning: .*1 of its tags name something else .*1.0.0 \\(${theirsNow}\\)`,
        ),
      );
    }
    expect(mirroredTags(scene)["1.0.0"]).toBe(theirsNow);
    expect(outputsOf(scene)).toMatchObject({
      selection: { occupied: 1, mirrored: 1 },
    });
    expect((await scene.engine.preview()).text).toContain("2 unchanged");
    scene.declare({ app: repositoryOf(scene, follow) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)["1.0.0"]).not.toBe(theirsNow);
  }));

test("a tag of somebody else's that the destination's list leaves out is not overwritten either", () =>
  inScene({}, async (scene) => {
    const foreign = await publishTags(scene, ["1.0.0"], theirs(scene));
    const digests = await publishTags(scene, tags);
    scene.destination.misbehave({
      path: /mirror\/app\/tags/,
      times: Infinity,
      action: { status: 200, body: '{"name":"mirror/app","tags":[]}' },
    });
    scene.declare({ app: repositoryOf(scene, all) });
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("1 to add, 1 left alone");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual({ ...digests, ...foreign });
  }));

test("a pinned tag of ours moves to its pin, whatever replaceTag says", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, all);
    const moved = await publishTags(scene, ["1.0.0"], { seed: "two" });
    scene.declare({ app: repositoryOf(scene, { ...all, digests: moved }) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual({ ...digests, ...moved });
  }));

test("two sources for one tag: the second resource fails for it, and the tag keeps its first source", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, tags);
    await publishTags(scene, ["1.1.0", "3.0.0"], {
      seed: "other",
      repository: "acme/other",
    });
    const other = {
      ...repositoryOf(scene, all),
      options: {},
    };
    scene.declare({
      app: repositoryOf(scene, all),
      other: {
        ...other,
        args: { ...other.args, source: `${scene.source.host}/acme/other` },
      },
    });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toMatch(
      /1\.1\.0.*another resource of this run fills this tag/s,
    );
    expect(Object.keys(mirroredTags(scene))).toEqual([...tags, "3.0.0"]);
    expect(mirroredTags(scene)["1.0.0"]).toBe(digests["1.0.0"]);
  }));

test("renamed tags come under their new names, and nothing changes afterwards", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, ["v1.0.0", "v1.1.0"]);
    const rename = { pattern: "v(.*)", to: "$1" };
    scene.declare({ app: repositoryOf(scene, { ...follow, rename }) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual({
      "1.0.0": digests["v1.0.0"],
      "1.1.0": digests["v1.1.0"],
    });
    scene.destination.resetRequests();
    expect((await scene.engine.up()).text).toContain("2 unchanged");
    expect(writes(scene.destination.requests)).toEqual([]);
  }));

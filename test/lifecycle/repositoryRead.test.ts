import type { TestRegistry } from "../registry/registry";
import { mirroredTags, must, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

const all = { tags: { mode: "all" } };

/** A repository whose tags are mirrored, as the first up leaves it. */
async function mirrored(
  scene: Scene,
  tags: readonly string[],
  more: Readonly<Record<string, unknown>> = all,
): Promise<Readonly<Record<string, string>>> {
  const digests = await publishTags(scene, tags);
  scene.declare({ app: repositoryOf(scene, more) });
  await must(scene.engine.up());
  scene.source.resetRequests();
  scene.destination.resetRequests();
  return digests;
}

/** What was asked for, but for who asks: `HEAD manifest 1.0.0`. */
const asked = ({ requests }: TestRegistry) =>
  requests
    .filter(({ kind }) => !["token", "challenge", "ping"].includes(kind))
    .map(({ method, kind, path }) =>
      `${method} ${kind} ${kind === "tags" ? "" : (path.split("/").at(-1) ?? "")}`.trim(),
    );

const diffOf = (report: Awaited<ReturnType<Scene["engine"]["preview"]>>) =>
  report.steps.find(({ op }) => op === "update")?.diff ?? {};

const warningsIn = (report: Awaited<ReturnType<Scene["engine"]["preview"]>>) =>
  report.diagnostics
    .filter(
      ({ severity, message }) =>
        severity === "warning" && !message.includes("package.json"),
    )
    .map(({ message }) => message);

test.each([
  [3, 1],
  [300, 6],
])(
  "a preview of %i tags that nobody touched asks for the lists of both sides, and for nothing else",
  (count, pages) =>
    inScene({}, async (scene) => {
      const tags = Array.from({ length: count }, (_, index) => `1.0.${index}`);
      await mirrored(scene, tags);
      const report = await must(
        scene.engine.preview({ expectNoChanges: true }),
      );
      expect(warningsIn(report)).toEqual([]);
      const lists = Array.from({ length: pages }, () => "GET tags");
      expect(asked(scene.source)).toEqual(lists);
      expect(asked(scene.destination)).toEqual(lists);
    }),
  60_000,
);

test("a new tag costs one HEAD more in Read, and the preview names it with its digest", () =>
  inScene({}, async (scene) => {
    await mirrored(scene, ["1.0.0", "1.1.0"]);
    const { "1.2.0": digest } = await publishTags(scene, ["1.2.0"]);
    const preview = await must(scene.engine.preview());
    expect(diffOf(preview)).toEqual({
      'digests["1.2.0"]': expect.objectContaining({ kind: "add", new: digest }),
    });
    const heads = asked(scene.source).filter((one) => one.includes("1."));
    expect(heads).toEqual(["HEAD manifest 1.2.0"]);
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toHaveProperty(["1.2.0"], digest);
    await must(scene.engine.preview({ expectNoChanges: true }));
  }));

test("a tag that somebody deleted at the destination is copied again", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0", "1.1.0"]);
    scene.destination.deleteTag("mirror/app", "1.0.0");
    const preview = await must(scene.engine.preview());
    expect(Object.keys(diffOf(preview))).toEqual(['digests["1.0.0"]']);
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(digests);
    await must(scene.engine.preview({ expectNoChanges: true }));
  }));

test("a destination that is gone as a whole is filled again, and asked no HEAD a tag", () =>
  inScene({}, async (scene) => {
    const tags = Array.from({ length: 40 }, (_, index) => `1.0.${index}`);
    const digests = await mirrored(scene, tags);
    for (const tag of scene.destination.tags("mirror/app"))
      scene.destination.deleteTag("mirror/app", tag);
    const preview = await must(scene.engine.preview());
    expect(Object.keys(diffOf(preview))).toHaveLength(tags.length);
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("by default, a tag that moved at the source is not even asked about, and stays", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0"]);
    await publishTags(scene, ["1.0.0"], { seed: "two" });
    await must(scene.engine.preview({ expectNoChanges: true }));
    expect(asked(scene.source)).toEqual(["GET tags"]);
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test('replaceTag "verified": one HEAD a side for each mirrored tag, and what moved follows', () =>
  inScene({}, async (scene) => {
    const old = await mirrored(scene, ["1.0.0", "1.1.0"], {
      ...all,
      replaceTag: "verified",
    });
    const moved = await publishTags(scene, ["1.1.0"], { seed: "two" });
    const preview = await must(scene.engine.preview());
    expect(diffOf(preview)).toEqual({
      'digests["1.1.0"]': expect.objectContaining({
        kind: "update",
        old: old["1.1.0"],
        new: moved["1.1.0"],
      }),
    });
    const heads = ["HEAD manifest 1.0.0", "HEAD manifest 1.1.0"];
    expect(asked(scene.source)).toEqual(expect.arrayContaining(heads));
    expect(asked(scene.destination)).toEqual(expect.arrayContaining(heads));
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual({ ...old, ...moved });
    await must(scene.engine.preview({ expectNoChanges: true }));
  }));

test('replaceTag "verified": a tag that somebody moved at the destination is put back', () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0"], {
      ...all,
      replaceTag: "verified",
    });
    const { destination: registry } = scene;
    await publishTags(scene, ["1.0.0"], {
      seed: "foreign",
      signed: false,
      registry,
      repository: "mirror/app",
    });
    expect(mirroredTags(scene)).not.toEqual(digests);
    const preview = await must(scene.engine.preview());
    expect(Object.keys(diffOf(preview))).toContain('digests["1.0.0"]');
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(digests);
    await must(scene.engine.preview({ expectNoChanges: true }));
  }));

test("a source that does not answer leaves everything as it is, with one warning", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0"]);
    await scene.source.close();
    const report = await must(scene.engine.preview({ expectNoChanges: true }));
    const said = warningsIn(report).filter((one) =>
      one.includes("nothing new could be learned from source"),
    );
    expect(said).toHaveLength(1);
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test('and it is an error with onSourceUnavailable "error"', () =>
  inScene({}, async (scene) => {
    await mirrored(scene, ["1.0.0"], { ...all, onSourceUnavailable: "error" });
    await scene.source.close();
    const report = await scene.engine.preview();
    expect(report.exitCode).toBe(1);
    expect(report.text).toContain(
      "what the source has now could not be learned",
    );
  }));

test("a source repository that is gone leaves everything as it is, with a warning that names it", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0"]);
    scene.source.misbehave({
      path: /tags\/list/,
      times: Infinity,
      action: {
        status: 404,
        body: JSON.stringify({ errors: [{ code: "NAME_UNKNOWN" }] }),
        headers: { "content-type": "application/json" },
      },
    });
    const report = await must(scene.engine.preview({ expectNoChanges: true }));
    expect(warningsIn(report).join("\n")).toContain(
      `nothing new could be learned from source ${scene.source.host}/acme/app`,
    );
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("a destination that does not answer keeps the state, with a warning", () =>
  inScene({}, async (scene) => {
    const digests = await mirrored(scene, ["1.0.0"]);
    scene.destination.misbehave({
      path: /tags\/list/,
      times: Infinity,
      action: { status: 403 },
    });
    const report = await must(scene.engine.refresh());
    expect(warningsIn(report).join("\n")).toContain("state is kept");
    expect(scene.engine.resource("app")?.outputs.digests).toEqual(digests);
  }));

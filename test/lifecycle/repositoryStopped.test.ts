import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { mirroredTags, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";
import { until } from "./until";

jest.setTimeout(180_000);

const size = 2 * 1024 * 1024;
const tags = ["1.0.0", "1.1.0", "1.2.0"];
const all = { tags: { mode: "all" } };

/** Three small tags, and a large one that comes slowly. */
async function slow(scene: Scene) {
  const digests = await publishTags(scene, tags);
  const sample = image({ seed: "large", layers: [size, 1000] });
  const large = await scene.publish("large", { sample, tag: "2.0.0" });
  scene.declare({ app: repositoryOf(scene, all) });
  scene.source.misbehave({
    method: "GET",
    path: /blobs/,
    times: 1000,
    action: { throttle: 256 * 1024 },
  });
  return { ...digests, "2.0.0": large.digest };
}

const smallOnesCame = (scene: Scene) =>
  until(() => Object.keys(mirroredTags(scene)).length === tags.length);

const uploaded = ({ destination }: Scene) =>
  writes(destination.requests).reduce(
    (sum, { requestBytes }) => sum + requestBytes,
    0,
  );

test("Ctrl-C: what came in is in state, and the next up brings the rest alone", () =>
  inScene({}, async (scene) => {
    const digests = await slow(scene);
    const up = scene.engine.up();
    await smallOnesCame(scene);
    const from = Date.now();
    await scene.engine.cancel();
    const report = await up;
    expect(Date.now() - from).toBeLessThan(4000);
    expect(report.exitCode).toBe(1);
    expect(scene.destination.openUploads()).toEqual([]);
    expect(
      Object.keys(Object(scene.engine.resource("app")?.outputs.digests)),
    ).toEqual(tags);
    scene.source.behave();
    scene.destination.resetRequests();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual(digests);
    const tagged = writes(scene.destination.requests).filter(({ path }) =>
      /manifests\/\d/.test(path),
    );
    expect(tagged.map(({ path }) => path)).toEqual([
      "/v2/mirror/app/manifests/2.0.0",
    ]);
  }));

test("a plugin that is killed: the next up adopts what came in, and sends only what is missing", () =>
  inScene({}, async (scene) => {
    const digests = await slow(scene);
    const up = scene.engine.up();
    await smallOnesCame(scene);
    scene.engine.kill("artifact-mirror");
    expect((await up).exitCode).toBe(1);
    scene.source.behave();
    scene.destination.resetRequests();
    const again = await scene.engine.up();
    expect(again.exitCode).toBe(0);
    expect(again.text).toContain("1 added, 3 adopted");
    expect(mirroredTags(scene)).toEqual(digests);
    expect(uploaded(scene)).toBeLessThan(size + 100_000);
  }));

test("progress tells how many of all tags are there, in one line that is not kept", () =>
  inScene({}, async (scene) => {
    await slow(scene);
    const report = await scene.engine.up();
    expect(report.exitCode).toBe(0);
    const lines = report.diagnostics.filter(({ ephemeral }) => ephemeral);
    expect(lines.at(-1)?.message).toMatch(
      /^mirrored [34] of 4 tags, \d+ blobs, [\d.]+ MiB$/,
    );
    expect(report.text).not.toContain("of 4 tags,");
  }));

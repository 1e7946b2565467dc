import { counts } from "../registry/recorder";
import { multiArch } from "../samples/artifacts";
import { inScene, type Scene } from "./scene";

async function secondPreview(scene: Scene, watch?: string) {
  scene.app(watch === undefined ? {} : { evidence: { watch } });
  expect((await scene.engine.up()).exitCode).toBe(0);
  scene.source.resetRequests();
  scene.destination.resetRequests();
  const preview = await scene.engine.preview({ expectNoChanges: true });
  expect(preview.exitCode).toBe(0);
  return {
    source: apart(scene.source.requests),
    destination: apart(scene.destination.requests),
  };
}

/** Challenge and token requests are counted apart. */
function apart(requests: Parameters<typeof counts>[0]) {
  const { token: _, challenge: __, ...rest } = counts(requests);
  return rest;
}

test("sentence 3: with nothing watched, a second preview is one HEAD a side", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    await expect(secondPreview(scene, "none")).resolves.toEqual({
      source: { "HEAD manifest": 1 },
      destination: { "HEAD manifest": 1 },
    });
  }));

test("sentence 3: by default it also asks the source what hangs on the root", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const { source, destination } = await secondPreview(scene);
    expect(destination).toEqual({ "HEAD manifest": 1 });
    // the tag; .sig, .att and .sbom, each by the one request that also proves an absence
    expect(source).toEqual({
      "HEAD manifest": 1,
      "GET manifest": 3,
      "GET referrers": 1,
    });
  }));

test("sentence 3: watch all asks about every node on both sides", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", {
      sample: multiArch({ platforms: ["linux/amd64", "linux/arm64"] }),
    });
    const { source, destination } = await secondPreview(scene, "all");
    // three manifests and the signature have referrers; the manifests may have three tags each
    const each = { "HEAD manifest": 1, "GET referrers": 4 };
    expect(source).toEqual({ ...each, "GET manifest": 9 });
    // there the manifests themselves are read as well
    expect(destination).toEqual({ ...each, "GET manifest": 9 + 3 });
  }));

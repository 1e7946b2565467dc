import { image } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { put } from "../samples/target";
import { writes } from "../registry/recorder";
import { inScene, type Scene } from "./scene";

async function mirroredImage(scene: Scene) {
  const descriptor = await scene.publish("one");
  scene.app();
  expect((await scene.engine.up()).exitCode).toBe(0);
  return descriptor;
}

async function mirrored(scene: Scene, more: Parameters<Scene["app"]>[0] = {}) {
  const { digest } = await scene.publish("one");
  scene.app(more);
  expect((await scene.engine.up()).exitCode).toBe(0);
  return digest;
}

const diffOf = (report: Awaited<ReturnType<Scene["engine"]["preview"]>>) =>
  report.steps.filter(({ op }) => op === "update").map(({ diff }) => diff);

test("N39, sentence 4: a source tag that moved shows old and new digest, and the verdict for the new one", () =>
  inScene({}, async (scene) => {
    const old = await mirrored(scene);
    const { digest } = await scene.publish("two");
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(diffOf(preview)).toEqual([
      { digest: expect.objectContaining({ old, new: digest }) },
    ]);
    expect(preview.text).toContain(`~ digest: "${old}" => "${digest}"`);
    expect(preview.text).toContain(
      `${digest}: signed by key ${scene.signer.keyId}`,
    );
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("N41, sentence 4: a destination tag that somebody moved is drift, and up puts it back", () =>
  inScene({}, async (scene) => {
    const digest = await mirrored(scene);
    const foreign = await put(scene.mirror, image({ seed: "foreign" }), "1");
    const preview = await scene.engine.preview();
    expect(diffOf(preview)).toEqual([
      { digest: expect.objectContaining({ old: foreign.digest, new: digest }) },
    ]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("sentence 4: a destination tag that somebody deleted is created anew, and no blob is copied", () =>
  inScene({}, async (scene) => {
    const digest = await mirrored(scene);
    scene.destination.deleteTag("mirror/app", "1");
    const preview = await scene.engine.preview();
    expect(preview.steps.map(({ op }) => op)).toContain("create");
    scene.destination.resetRequests();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    expect(writes(scene.destination.requests).map(({ path }) => path)).toEqual([
      "/v2/mirror/app/manifests/1",
    ]);
  }));

test("evidence that appears later at the source, with the tag unchanged, is seen by the next preview and copied by the next up", () =>
  inScene({}, async (scene) => {
    const subject = await mirroredImage(scene);
    const late = await bundleReferrer(subject, scene.signer, {
      predicateType: "https://openvex.dev/ns",
      predicate: {},
    });
    await attachReferrer(scene.vendor, late);
    const preview = await scene.engine.preview();
    expect(diffOf(preview)).toEqual([
      { "attached.pending": expect.anything() },
    ]);
    expect(preview.text).toContain("1 evidence manifest");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(
      scene.destination.manifest("mirror/app", late.descriptor.digest),
    ).toBeDefined();
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("watch all: evidence that the destination lost is seen and put back", () =>
  inScene({}, async (scene) => {
    const digest = await mirrored(scene, { evidence: { watch: "all" } });
    const tag = `${digest.replace(":", "-")}.sig`;
    scene.destination.deleteTag("mirror/app", tag);
    expect(diffOf(await scene.engine.preview())).toEqual([
      { "attached.pending": expect.anything() },
    ]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", tag)).toBeDefined();
  }));

test("refresh shows drift and repairs nothing", () =>
  inScene({}, async (scene) => {
    await mirrored(scene);
    const foreign = await put(scene.mirror, image({ seed: "foreign" }), "1");
    scene.destination.resetRequests();
    expect((await scene.engine.refresh()).exitCode).toBe(0);
    expect(scene.engine.resource("app")?.outputs).toMatchObject({
      digest: foreign.digest,
    });
    expect(writes(scene.destination.requests)).toEqual([]);
  }));

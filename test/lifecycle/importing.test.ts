import { writes } from "../registry/recorder";
import { put } from "../samples/target";
import { image } from "../samples/artifacts";
import { inScene, type Scene } from "./scene";

const type = "artifact-mirror:index:MirroredArtifact";

/** The artifact is at both sides already, copied by somebody else. */
async function copied(scene: Scene) {
  const { digest } = await scene.publish("one");
  await put(scene.mirror, image({ seed: "one" }), "1");
  return digest;
}

test("sentence 8: pulumi import takes SOURCE,DESTINATION, and the first preview afterwards shows the policy and judges", () =>
  inScene({}, async (scene) => {
    const digest = await copied(scene);
    scene.app();
    const imported = await scene.engine.importResource(
      type,
      "app",
      `${scene.from},${scene.to}`,
    );
    expect(imported.exitCode).toBe(0);
    expect(scene.engine.resource("app")).toMatchObject({
      id: scene.to,
      outputs: { digest, source: scene.from },
    });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(
      preview.steps.find(({ op }) => op === "update")?.diff,
    ).toHaveProperty("policy");
    expect(preview.text).toContain(`signed by key ${scene.signer.keyId}`);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("sentence 8: the import option does the same in one go", () =>
  inScene({}, async (scene) => {
    await copied(scene);
    scene.app({}, { import: `${scene.from},${scene.to}` });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.steps.map(({ op }) => op)).toEqual(
      expect.arrayContaining(["import", "update"]),
    );
    expect(scene.engine.resource("app")?.outputs.verification).toMatchObject({
      outcome: "verified",
    });
  }));

test("sentence 8: what was imported and is not signed is refused by the first preview", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    await put(scene.mirror, image({ seed: "one" }), "1");
    scene.app();
    await scene.engine.importResource(type, "app", `${scene.from},${scene.to}`);
    expect((await scene.engine.preview()).exitCode).toBe(1);
  }));

test.each([
  ["an id that is no reference", "not a reference,x y", /import/],
  ["nothing there", undefined, /does not exist/],
])("sentence 8: importing %s fails with a clear message", (_, id, expected) =>
  inScene({}, async (scene) => {
    scene.app();
    const report = await scene.engine.importResource(
      type,
      "app",
      id ?? `${scene.from},${scene.to}`,
    );
    expect(report.exitCode).toBe(1);
    expect(report.text).toMatch(expected);
  }),
);

test("get looks at a destination by its reference alone", () =>
  inScene({}, async (scene) => {
    const digest = await copied(scene);
    scene.declare({ seen: { args: {}, get: scene.to } });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.outputs.seenDigest).toBe(digest);
    expect(writes(scene.destination.requests)).toEqual([]);
  }));

import { inScene, type Scene } from "./scene";

const urnOf = (name: string) =>
  `urn:pulumi:dev::project::artifact-mirror:index:MirroredArtifact::${name}`;

const named = (scene: Scene, names: readonly string[]) =>
  scene.declare(
    Object.fromEntries(
      names.map((name) => [
        name,
        {
          args: {
            source: scene.from,
            destination: `${scene.destination.host}/mirror/${name}:1`,
            policy: scene.policy,
          },
        },
      ]),
    ),
  );

test("sentence 8: refresh, destroy and --target work", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    named(scene, ["one", "two"]);
    expect((await scene.engine.up({ targets: [urnOf("one")] })).exitCode).toBe(
      0,
    );
    expect([
      scene.destination.tag("mirror/one", "1"),
      scene.destination.tag("mirror/two", "1"),
    ]).toEqual([digest, undefined]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect((await scene.engine.refresh()).exitCode).toBe(0);
    const { digest: next } = await scene.publish("two");
    expect((await scene.engine.up({ targets: [urnOf("two")] })).exitCode).toBe(
      0,
    );
    expect([
      scene.destination.tag("mirror/one", "1"),
      scene.destination.tag("mirror/two", "1"),
    ]).toEqual([digest, next]);
    expect((await scene.engine.destroy()).exitCode).toBe(0);
    expect(scene.engine.resource("one")).toBeUndefined();
    expect(scene.destination.tag("mirror/one", "1")).toBe(digest);
  }));

test("sentence 8: an update plan catches a tag that moved after the review", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    scene.app();
    await scene.engine.up();
    await scene.publish("two");
    const { plan } = await scene.engine.preview();
    await scene.publish("three");
    const up = await scene.engine.up({ plan });
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("violates plan");
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("two resources of one run cannot share a destination", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const args = {
      source: scene.from,
      destination: scene.to,
      policy: scene.policy,
    };
    scene.declare({ one: { args }, two: { args } });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toMatch(/destination/);
  }));

test("with refreshBeforeUpdate false, a preview asks the source alone", () =>
  inScene({ provider: { refreshBeforeUpdate: false } }, async (scene) => {
    await scene.publish("one");
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    scene.destination.resetRequests();
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
    expect(scene.destination.requests).toEqual([]);
  }));

test.each([
  [{ source: "no/tag" }, /source.*tag or a digest/],
  [{ source: "UPPER/case:1" }, /source/],
  [{ destination: "internal.example/app" }, /destination.*name a tag/],
  [
    { destination: `internal.example/app@sha256:${"0".repeat(64)}` },
    /destination.*no digest/,
  ],
  [{ digest: "sha256:short" }, /digest/],
  [{ platforms: ["linux"] }, /platforms\[0\]/],
  [{ evidence: { repositories: ["::"] } }, /evidence\.repositories\[0\]/],
  [{ evidence: { copy: "none" } }, /evidence\.copy/],
  [{ onDelete: "purge" }, /onDelete/],
  [{ reverify: "soon" }, /reverify/],
])("bad input is an error at the property: %j", (more, expected) =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app(more);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toMatch(expected);
  }),
);

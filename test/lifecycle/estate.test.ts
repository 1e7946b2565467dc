import { writes } from "../registry/recorder";
import { declareEstate } from "./estateScene";
import { publishTags } from "./repositories";
import { inScene, type Scene } from "./scene";
import { canary } from "./witness";

jest.setTimeout(180_000);

/** Those of the names that are in state. */
const mirrored = (scene: Scene, ...names: readonly string[]) =>
  names.filter((name) => scene.engine.resource(name));

test("one file registers all of its artifacts and repositories, which come in as if each were written by hand", () =>
  inScene({}, async (scene) => {
    const one = await scene.publish("one", { tag: "1.0.0" });
    const tags = await publishTags(scene, ["2.0.0", "2.1.0"]);
    declareEstate(scene, [
      "artifacts:",
      `  app: vendor/acme/app:1.0.0@${one.digest}`,
      '  regions: { source: "vendor/acme/app:1.0.0", destination: [corp/a, other/a], additionalTags: [stable] }',
      "repositories:",
      '  all: { source: vendor/acme/app, destination: corp/all, tags: { mode: semver, range: ">=2" } }',
    ]);
    expect(await scene.engine.preview()).toMatchObject({ exitCode: 0 });
    expect(writes(scene.destination.requests)).toEqual([]);
    const { host } = scene.destination;
    expect(await scene.engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        refs: {
          app: `${host}/mirror/acme/app@${one.digest}`,
          "regions@corp": `${host}/mirror/a@${one.digest}`,
          "regions:stable@corp": `${host}/mirror/a@${one.digest}`,
          "regions@other": `${host}/other/a@${one.digest}`,
          "regions:stable@other": `${host}/other/a@${one.digest}`,
        },
        digests: { all: tags },
      },
    });
    expect(scene.destination.tag("other/a", "stable")).toBe(one.digest);
    expect(scene.destination.tag("mirror/acme/app", "1.0.0")).toBe(one.digest);
    const again = await scene.engine.preview({ expectNoChanges: true });
    expect(again).toMatchObject({ exitCode: 0 });
  }));

test("a file that is wrong registers nothing, and says where it is wrong", () =>
  inScene({}, async (scene) => {
    declareEstate(scene, ["artifacts:", "  app: { sorce: vendor/acme/app:1 }"]);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain(
      "estate.yaml:6:10: artifacts.app.sorce: is not known here; known are source, destination",
    );
    expect(mirrored(scene, "app", "estate")).toEqual([]);
  }));

test("a policy that changes in the file is judged anew, and only that", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { tag: "1" });
    const lines = ["artifacts:", "  app: vendor/acme/app:1"];
    declareEstate(scene, lines);
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    declareEstate(scene, [
      "artifacts:",
      `  app: { source: vendor/acme/app:1, policy: ${JSON.stringify(scene.policy)} }`,
    ]);
    const preview = await scene.engine.preview();
    expect(preview).toMatchObject({ exitCode: 0 });
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    expect(scene.engine.resource("app")?.inputs.policy).toEqual(scene.policy);
  }));

test("an entry that gets a second region keeps its first resource", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { tag: "1" });
    const declare = (destination: string) =>
      declareEstate(scene, [
        "artifacts:",
        `  app: { source: vendor/acme/app:1, destination: ${destination} }`,
      ]);
    declare("corp/app");
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    for (const [destination, created] of [
      ["[corp/app, other/app]", ["app@other"]],
      ["corp/app", []],
    ] as const) {
      declare(destination);
      const { exitCode, steps } = await scene.engine.up();
      expect(exitCode).toBe(0);
      const ops = (wanted: string) =>
        steps
          .filter(({ op }) => op === wanted)
          .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
      expect(ops("create")).toEqual(created);
      expect(ops("replace")).toEqual([]);
    }
    expect(mirrored(scene, "app", "app@corp", "app@other")).toEqual(["app"]);
    expect(scene.destination.tag("other/app", "1")).toBeDefined();
  }));

test("shards are disjoint stacks, and together the estate", () =>
  inScene({}, async (scene) => {
    const names = ["a", "b", "c", "d", "e", "f"];
    await scene.publish("one", { tag: "1" });
    const seen: string[] = [];
    for (const index of [0, 1]) {
      declareEstate(
        scene,
        [
          "artifacts:",
          ...names.map(
            (name) =>
              `  ${name}: { source: vendor/acme/app:1, destination: corp/${name} }`,
          ),
        ],
        { shard: { index, count: 2 } },
      );
      const { outputs, exitCode } = await scene.engine.preview();
      expect(exitCode).toBe(0);
      seen.push(...Object.keys(Object(outputs.refs)));
    }
    expect(seen.toSorted()).toEqual(names);
  }));

test("with the gate every refusal is shown, and nothing is registered", () =>
  inScene({}, async (scene) => {
    await scene.publish("good", { tag: "good" });
    await scene.publish("bad-one", { tag: "one", signed: false });
    await scene.publish("bad-two", { tag: "two", signed: false });
    declareEstate(
      scene,
      [
        "artifacts:",
        "  good: vendor/acme/app:good",
        "  one: vendor/acme/app:one",
        "  two: vendor/acme/app:two",
      ],
      { gate: true },
    );
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("gate: 2 of 3 may not come in");
    expect(mirrored(scene, "good", "one", "two")).toEqual([]);
    expect(writes(scene.destination.requests)).toEqual([]);
  }));

test("a provider of the program's own is used as it is: each resource carries the file's policy", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { tag: "1" });
    const given = {
      registries: [scene.source, scene.destination].map(({ host }) => ({
        host,
        plainHttp: true,
      })),
      credentials: [scene.source, scene.destination].map(({ host }) => ({
        registry: host,
        username: "mirror",
        password: canary,
      })),
    };
    declareEstate(scene, ["artifacts:", "  app: vendor/acme/app:1"], { given });
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    const app = scene.engine.resource("app");
    expect(app?.inputs).toMatchObject({ policy: scene.policy });
  }));

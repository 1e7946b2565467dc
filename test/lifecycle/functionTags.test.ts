import { counts, writes } from "../registry/recorder";
import { publishTags } from "./repositories";
import { inScene, type AskedFunction, type Scene } from "./scene";
import { canary } from "./witness";

/** Declares one question about the tags of the scene's source repository, and nothing else. */
function ask(
  scene: Scene,
  args: Readonly<Record<string, unknown>> = {},
  how: Omit<AskedFunction, "args"> = {},
): void {
  const source = `${scene.source.host}/acme/app`;
  scene.declare({}, undefined, {
    it: { function: "getTags", args: { source, ...args }, ...how },
  });
}

test.each([true, false])(
  "getTags tells in preview and in up what the rules choose, and writes nothing (direct form: %s)",
  (direct) =>
    inScene({}, async (scene) => {
      await publishTags(scene, ["v1.0.0", "v1.1.0", "v1.2.0-rc.1", "latest"]);
      await publishTags(scene, ["1.0.0"], {
        registry: scene.destination,
        repository: "mirror/app",
      });
      const destination = `${scene.destination.host}/mirror/app`;
      const tags = { mode: "higher" };
      const rename = { pattern: "v(.*)", to: "$1" };
      ask(scene, { destination, tags, rename }, { direct });
      for (const report of [
        await scene.engine.preview(),
        await scene.engine.up(),
      ]) {
        expect(report.text).not.toContain("error");
        expect(report.exitCode).toBe(0);
        expect(report.outputs.itAnswer).toMatchObject({
          chosen: ["v1.1.0"],
          listed: 8,
          dropped: { evidence: 4, version: 1, prereleases: 1, higher: 1 },
          tags: expect.arrayContaining([
            { tag: "v1.1.0", chosen: true, name: "1.1.0", present: false },
            expect.objectContaining({ tag: "latest", rule: "version" }),
          ]),
        });
      }
      expect(writes(scene.destination.requests)).toEqual([]);
      expect(counts(scene.source.requests)["GET manifest"]).toBeUndefined();
    }),
);

test(
  "eleven thousand tags with long names, more than gRPC takes by itself, come in one answer",
  () =>
    inScene({}, async (scene) => {
      const names = Array.from(
        { length: 11_000 },
        (_, n) => `1.${n}.0-${"x".repeat(117)}`,
      );
      await publishTags(scene, names, { signed: false });
      ask(scene, { tags: { mode: "semver", prereleases: true } });
      const { exitCode, outputs } = await scene.engine.preview();
      expect(exitCode).toBe(0);
      expect(JSON.stringify(outputs.itAnswer).length).toBeGreaterThan(4 << 20);
      expect(outputs.itAnswer).toMatchObject({ listed: 11_000, chosen: names });
    }),
  240_000,
);

test("a repository that does not exist fails the call, and says which", () =>
  inScene({}, async (scene) => {
    ask(scene);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain(`source ${scene.source.host}/acme/app`);
    expect(preview.text).toMatch(/NAME_UNKNOWN|no such repository/i);
  }));

test("a wrong password fails the call, and is not shown", () =>
  inScene(
    {
      source: { users: { mirror: { password: "another", allows: ["*:*:*"] } } },
    },
    async (scene) => {
      await publishTags(scene, ["1"]);
      ask(scene);
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toMatch(/401|denied/i);
      expect(preview.text).not.toContain(canary);
    },
  ));

test.each<[string, object, RegExp]>([
  [
    "a source with a tag",
    { source: "reg.example/acme/app:1" },
    /leave out :1.*\(source\)/,
  ],
  [
    "newest without an order",
    { tags: { mode: "all", newest: 3 } },
    /tags\.newest/,
  ],
  [
    "a range that is none",
    { tags: { mode: "semver", range: "new" } },
    /tags\.range/,
  ],
  ["a mode that is none", { tags: { mode: "latest" } }, /tags\.mode/],
])("%s fails the call, at the property", (_, args, expected) =>
  inScene({}, async (scene) => {
    ask(scene, { ...args });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toMatch(expected);
  }),
);

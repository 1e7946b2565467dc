import { writes } from "../registry/recorder";
import { mirroredTags, must, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

const type = "artifact-mirror:index:MirroredRepository";
const all = { tags: { mode: "all" } };

const declare = (
  scene: Scene,
  more: Readonly<Record<string, unknown>> = {},
  options: Readonly<Record<string, unknown>> = {},
) => scene.declare({ app: repositoryOf(scene, { ...all, ...more }, options) });

const diffOf = (report: Awaited<ReturnType<Scene["engine"]["preview"]>>) =>
  report.steps.find(({ op }) => op === "update")?.diff ?? {};

test(
  "refresh, frozen digests, rules that change, and destroy with the tags",
  () =>
    inScene({}, async (scene) => {
      const first = await publishTags(scene, ["1.0.0", "1.1.0"]);
      declare(scene);
      await must(scene.engine.up());
      await must(scene.engine.refresh());
      await publishTags(scene, ["1.2.0"]);
      declare(scene, {}, { ignoreChanges: ["digests"] });
      await must(scene.engine.preview({ expectNoChanges: true }));
      await must(scene.engine.up());
      expect(mirroredTags(scene)).toEqual(first);
      declare(scene, {
        tags: { mode: "highest" },
        prune: "untag",
        onDelete: "untag",
      });
      const preview = await must(scene.engine.preview());
      expect(diffOf(preview)).toMatchObject({
        'digests["1.0.0"]': { kind: "delete" },
        'digests["1.1.0"]': { kind: "delete" },
        'digests["1.2.0"]': { kind: "add" },
      });
      await must(scene.engine.up());
      expect(Object.keys(mirroredTags(scene))).toEqual(["1.2.0"]);
      await must(scene.engine.preview({ expectNoChanges: true }));
      await must(scene.engine.destroy());
      expect(mirroredTags(scene)).toEqual({});
    }),
  120_000,
);

test(
  "import takes SOURCE,DESTINATION; the next preview judges what the rules choose, and nothing is copied",
  () =>
    inScene({}, async (scene) => {
      const tags = ["1.0.0", "1.1.0"];
      const digests = await publishTags(scene, tags);
      const { source, destination: registry } = scene;
      await publishTags(scene, tags, { registry, repository: "mirror/app" });
      declare(scene);
      const id = `${source.host}/acme/app,${registry.host}/mirror/app`;
      await must(scene.engine.importResource(type, "app", id));
      expect(scene.engine.resource("app")).toMatchObject({
        id: `${registry.host}/mirror/app`,
        outputs: { digests: {} },
      });
      const preview = await must(scene.engine.preview());
      expect(Object.keys(diffOf(preview))).toEqual(["policy", "tags"]);
      for (const tag of tags) expect(preview.text).toContain(tag);
      scene.destination.resetRequests();
      await must(scene.engine.up());
      expect(
        writes(scene.destination.requests).filter(
          ({ kind }) => kind === "upload",
        ),
      ).toEqual([]);
      expect(scene.engine.resource("app")?.outputs.digests).toEqual(digests);
      await must(scene.engine.preview({ expectNoChanges: true }));
    }),
  120_000,
);

test(
  "MirroredRepository.get looks at a destination",
  () =>
    inScene({}, async (scene) => {
      const { destination: registry } = scene;
      const digests = await publishTags(scene, ["1.0.0"], {
        registry,
        repository: "mirror/app",
      });
      const get = `${registry.host}/mirror/app`;
      scene.declare({ app: { type: "MirroredRepository", args: {}, get } });
      const report = await must(scene.engine.up());
      expect(report.outputs.appDigests).toEqual(digests);
    }),
  120_000,
);

test(
  "with a destination, rules or a policy that are not known yet, the preview says so and fails nothing",
  () =>
    inScene({}, async (scene) => {
      await publishTags(scene, ["1.0.0"]);
      const { host } = scene.destination;
      for (const more of [
        { destination: { $unknown: `${host}/mirror/app` } },
        { tags: { mode: "list", list: [{ $unknown: "1.0.0" }] } },
        { policy: { $unknown: { unverified: "x" } } },
      ]) {
        declare(scene, more);
        const preview = await must(scene.engine.preview());
        expect(preview.text).toContain("not known yet");
        expect(preview.outputs.appDigests).toBe("[unknown]");
      }
    }),
  120_000,
);

test(
  "a secret pin stays secret, and so does what is made of it",
  () =>
    inScene({}, async (scene) => {
      const { "1.0.0": digest } = await publishTags(scene, ["1.0.0", "1.1.0"]);
      declare(scene, { digests: { "1.0.0": { $secret: digest } } });
      const up = await must(scene.engine.up());
      expect(up.outputs.appDigests).toBe("[secret]");
      expect(Object.keys(mirroredTags(scene))).toEqual(["1.0.0", "1.1.0"]);
      await must(scene.engine.preview({ expectNoChanges: true }));
    }),
  120_000,
);

test(
  "a signature that arrives after a refusal that was kept is noticed, and the tag comes in",
  () =>
    inScene({}, async (scene) => {
      await publishTags(scene, ["1.0.0"]);
      await publishTags(scene, ["1.1.0"], { signed: false });
      declare(scene, { onRefused: "keep" });
      await must(scene.engine.up());
      await must(scene.engine.preview({ expectNoChanges: true }));
      await publishTags(scene, ["1.1.0"]);
      const preview = await must(scene.engine.preview());
      expect(Object.keys(diffOf(preview))).toEqual(['digests["1.1.0"]']);
      await must(scene.engine.up());
      expect(Object.keys(mirroredTags(scene))).toEqual(["1.0.0", "1.1.0"]);
      await must(scene.engine.preview({ expectNoChanges: true }));
    }),
  120_000,
);

test(
  "two repositories share a destination, but none of its tags from different sources",
  () =>
    inScene({}, async (scene) => {
      await publishTags(scene, ["1.0.0"]);
      await publishTags(scene, ["2.0.0"], { repository: "acme/other" });
      const source = `${scene.source.host}/acme/other`;
      const both = () =>
        scene.declare({
          app: repositoryOf(scene, all),
          other: repositoryOf(scene, { ...all, source }),
        });
      both();
      await must(scene.engine.up());
      expect(Object.keys(mirroredTags(scene))).toEqual(["1.0.0", "2.0.0"]);
      await must(scene.engine.preview({ expectNoChanges: true }));
      await publishTags(scene, ["1.0.0"], {
        repository: "acme/other",
        seed: "two",
      });
      const contested = { ...all, source, replaceTag: "verified" };
      scene.declare({
        app: repositoryOf(scene, all),
        other: repositoryOf(scene, contested),
      });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toContain("1.0.0");
      expect(preview.text).toContain("another resource of this run");
    }),
  120_000,
);

test(
  "an artifact and a repository of one run do not fill one tag from different sources",
  () =>
    inScene({}, async (scene) => {
      await publishTags(scene, ["1.0.0"]);
      await publishTags(scene, ["1.0.0"], { repository: "acme/other" });
      declare(scene);
      await must(scene.engine.up());
      const args = {
        source: `${scene.source.host}/acme/other:1.0.0`,
        destination: `${scene.destination.host}/mirror/app:1.0.0`,
        policy: scene.policy,
      };
      scene.declare({ app: repositoryOf(scene, all), one: { args } });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toMatch(
        /destination.*(filled from|another resource)/s,
      );
    }),
  120_000,
);

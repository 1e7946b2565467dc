import {
  mirroredTags,
  publishTags,
  repositoryOf,
} from "../lifecycle/repositories";
import { inCliScene, must, type CliScene } from "./cliScene";

const type = "artifact-mirror:index:MirroredRepository";
const up = ["up", "--yes", "--skip-preview"] as const;
const preview = ["preview", "--diff"] as const;

/** A repository by rules, from the first preview to the last: import, refresh and destroy, too. */
export function repositories(cli: string): void {
  const declare = (scene: CliScene, more: Readonly<Record<string, unknown>>) =>
    scene.declare({
      app: repositoryOf(scene, { tags: { mode: "semver" }, ...more }),
    });

  test("preview, up, no change, a new tag, one that moves, and one that goes", () =>
    inCliScene(cli, {}, async (scene) => {
      const named = await publishTags(scene, ["1.0.0", "1.1.0", "latest"]);
      const { latest: _, ...versions } = named;
      declare(scene, {});
      await must(scene.pulumi(...preview));
      expect(mirroredTags(scene)).toEqual({});
      await must(scene.pulumi(...up));
      expect(mirroredTags(scene)).toEqual(versions);
      await must(scene.pulumi("preview", "--expect-no-changes"));

      const added = await publishTags(scene, ["1.2.0"]);
      const shown = await must(scene.pulumi(...preview));
      expect(shown.text).toContain("+ 1.2.0: ");
      await must(scene.pulumi(...up));
      expect(mirroredTags(scene)).toEqual({ ...versions, ...added });

      const moved = await publishTags(scene, ["1.0.0"], { seed: "two" });
      await must(scene.pulumi("preview", "--expect-no-changes"));
      declare(scene, { replaceTag: "verified" });
      const follows = await must(scene.pulumi(...preview));
      expect(follows.text).toContain(moved["1.0.0"]?.slice(0, 19));
      await must(scene.pulumi(...up));
      expect(mirroredTags(scene)).toEqual({ ...versions, ...added, ...moved });

      declare(scene, { tags: { mode: "highest" }, prune: "untag" });
      const goes = await must(scene.pulumi(...preview));
      expect(goes.text).toContain("1.0.0");
      await must(scene.pulumi(...up));
      expect(mirroredTags(scene)).toEqual(added);
      await must(scene.pulumi("preview", "--expect-no-changes"));
    }));

  test("refused tags are all named in one preview; up brings the others, keeps its state, and fails", () =>
    inCliScene(cli, {}, async (scene) => {
      // more state than a short trailer of the wire would hold
      const good = Array.from({ length: 250 }, (_, at) => `1.${at}.0`);
      const named = await publishTags(scene, good);
      const bad = ["2.0.0", "2.1.0", "2.2.0"];
      await publishTags(scene, bad, { signed: false });
      declare(scene, {});
      const shown = await scene.pulumi(...preview);
      expect(shown.exitCode).not.toBe(0);
      for (const tag of bad) expect(shown.text).toContain(tag);
      expect((await scene.pulumi(...up)).exitCode).not.toBe(0);
      expect(mirroredTags(scene)).toEqual(named);
      expect(scene.resource("app")?.outputs).toMatchObject({
        digests: named,
        refused: { "2.0.0": { code: "NO_EVIDENCE" } },
      });
      declare(scene, { onRefused: "keep" });
      const warned = await must(scene.pulumi(...up));
      for (const tag of bad) expect(warned.text).toContain(tag);
      await must(scene.pulumi("preview", "--expect-no-changes"));
    }));

  test("getTags says in a preview, where nothing is declared, what would be chosen and what not", () =>
    inCliScene(cli, {}, async (scene) => {
      await publishTags(scene, ["1.0.0", "1.1.0", "latest"]);
      const source = `${scene.source.host}/acme/app`;
      const args = { source, tags: { mode: "highest" } };
      const tags = { function: "getTags", args };
      scene.declare({}, undefined, { tags });
      const { text } = await must(scene.pulumi("preview"));
      expect(text).toMatch(/rule *: "highest"/);
      expect(text).toMatch(/rule *: "version"/);
      expect(text).toMatch(/chosen *: \[\s+\[0\]: "1\.1\.0"/);
    }));

  test("import takes over what is there, refresh sees what went, destroy keeps all copies", () =>
    inCliScene(cli, {}, async (scene) => {
      const named = await publishTags(scene, ["1.0.0", "1.1.0"]);
      const mirror = { registry: scene.destination, repository: "mirror/app" };
      await publishTags(scene, ["1.0.0", "1.1.0"], mirror);
      declare(scene, {});
      const { source, destination } = scene;
      const id = `${source.host}/acme/app,${destination.host}/mirror/app`;
      const flags = ["--yes", "--generate-code=false", "--protect=false"];
      await must(scene.pulumi("import", type, "app", id, ...flags));
      await must(scene.pulumi(...preview));
      await must(scene.pulumi(...up));
      await must(scene.pulumi("preview", "--expect-no-changes"));
      destination.deleteTag("mirror/app", "1.0.0");
      await must(scene.pulumi("refresh", "--yes"));
      await must(scene.pulumi(...up));
      expect(mirroredTags(scene)).toEqual(named);
      await must(scene.pulumi("destroy", "--yes"));
      expect(mirroredTags(scene)).toEqual(named);
    }));
}

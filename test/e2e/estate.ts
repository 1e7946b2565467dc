import { declareEstate } from "../lifecycle/estateScene";
import { canary } from "../lifecycle/witness";
import { inCliScene, must } from "./cliScene";

const up = ["up", "--yes", "--skip-preview"] as const;

/** What one file declares. */
export function estate(cli: string): void {
  test("what an estate declares comes in, by a provider that has the stack's secret credentials, and stays", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one", { tag: "1.0.0" });
      declareEstate(scene, [
        "artifacts:",
        `  app: { source: "vendor/acme/app:1.0.0@${digest}", destination: [corp/a, other/a] }`,
        "repositories:",
        "  all: { source: vendor/acme/app, destination: corp/all, tags: { mode: semver } }",
      ]);
      const preview = await must(scene.pulumi("preview"));
      expect(preview.text).toMatch(/app@corp +create/);
      await must(scene.pulumi(...up));
      const tag = (repository: string) =>
        scene.destination.tag(repository, "1.0.0");
      expect(["mirror/a", "other/a", "mirror/all"].map(tag)).toEqual([
        digest,
        digest,
        digest,
      ]);
      const again = await must(
        scene.pulumi("preview", "--expect-no-changes", "--diff"),
      );
      expect(again.text).toContain("5 unchanged");
      expect(scene.stateText()).not.toContain(canary);
    }));

  test("a second region leaves the first one as it is", () =>
    inCliScene(cli, {}, async (scene) => {
      await scene.publish("one");
      const declare = (destination: string) =>
        declareEstate(scene, [
          "artifacts:",
          `  app: { source: vendor/acme/app:1, destination: ${destination} }`,
        ]);
      declare("corp/app");
      await must(scene.pulumi(...up));
      declare("[corp/app, other/app]");
      const { text } = await must(scene.pulumi(...up));
      expect(text).toContain("+ 1 created");
      expect(text).not.toMatch(/deleted|replaced/);
      expect(scene.resource("app")).toBeUndefined();
      expect(scene.resource("app@corp")).toBeDefined();
    }));

  test("a mistake is told with its line, on lines of its own", () =>
    inCliScene(cli, {}, async (scene) => {
      declareEstate(scene, [
        "artifacts:",
        "  app: { sorce: vendor/acme/app:1 }",
        "  two: { source: vendor/acme/app:1, additionalTags: [1.10] }",
      ]);
      const { exitCode, text } = await scene.pulumi("preview");
      expect(exitCode).not.toBe(0);
      expect(text).not.toMatch(/Invoke of|^ +at /m);
      expect(text).toContain(
        "estate.yaml:6:10: artifacts.app.sorce: is not known here",
      );
      expect(text).toMatch(
        /^ +estate\.yaml:7:\d+: artifacts\.two\.additionalTags\[0\]: must be a string: put it into quotes: "1\.10"$/m,
      );
    }));
}

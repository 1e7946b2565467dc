import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writes } from "../registry/recorder";
import { inCliScene, must, type CliScene } from "./cliScene";

const up = ["up", "--yes", "--skip-preview"] as const;
const alias = "pulumi-nodejs:dynamic/artifact-mirror:MirroredArtifact";

/** The dynamic host, and the way from it to the native one. */
export function dynamicHost(cli: string): void {
  test("the dynamic host lets in what is signed, shows a tag that moved, and refuses what is unsigned in preview", () =>
    inCliScene(cli, { dynamic: true }, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app();
      await must(scene.pulumi("preview"));
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
      await must(scene.pulumi("preview", "--expect-no-changes"));
      await scene.publish("two");
      const moved = await must(scene.pulumi("preview"));
      expect(moved.text).toContain("[diff: ~digest]");
      await scene.publish("three", { signed: false });
      const { exitCode, text } = await scene.pulumi("preview");
      expect(exitCode).not.toBe(0);
      expect(text).toContain("NO_EVIDENCE");
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));

  test("an alias moves a dynamic resource to the native one: nothing is replaced, nothing is written", () =>
    inCliScene(cli, { dynamic: true }, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app();
      await must(scene.pulumi(...up));
      declareNative(scene);
      scene.destination.resetRequests();
      const { text } = await must(scene.pulumi(...up));
      expect(text).not.toMatch(/replac|delet/);
      expect(writes(scene.destination.requests)).toEqual([]);
      expect(scene.resource("app")).toMatchObject({
        type: "artifact-mirror:index:MirroredArtifact",
        outputs: { digest },
      });
      await must(scene.pulumi("preview", "--expect-no-changes"));
    }));
}

/** The same artifact, declared by the native SDK. */
function declareNative({ folder, from, to, policy }: CliScene): void {
  const args = { source: from, destination: to, policy };
  const options = { aliases: [{ type: alias }] };
  const resources = { app: { args, options } };
  writeFileSync(
    join(folder, "declared.json"),
    JSON.stringify({ resources, dynamic: false }),
  );
}

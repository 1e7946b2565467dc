import type { Command } from "../command";
import { exit } from "../exit";
import { jsonOption, worldOptions } from "../options";

/** Tells what a reference is: `getArtifact`. */
export const artifact: Command = {
  word: "artifact",
  summary: "tell what a reference is: type, platforms, sizes, annotations",
  words: ["REFERENCE"],
  options: {
    digest: {
      value: "DIGEST",
      says: "this digest, whatever the tag names now",
    },
    platform: {
      value: "OS/ARCH",
      repeated: true,
      says: "only this child of an index",
    },
    ...worldOptions,
    ...jsonOption,
  },
  help: `What it tells is what the publisher says. Nothing is verified.

Examples:
  npx pulumi-artifact-mirror artifact ghcr.io/acme/app:1.4.2
  npx pulumi-artifact-mirror artifact oci:./dir:1.4.2 --json`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { getArtifact } = await import("../../../functions/getArtifact.ts");
    const { artifactText } = await import("../print/artifactText.ts");
    const { lookedFor } = await import("../arguments/lookedFor.ts");
    return withWorld(asked, terminal, async ({ ask, show }) => {
      show(await ask(getArtifact, lookedFor(asked)), artifactText);
      return exit.done;
    });
  },
};

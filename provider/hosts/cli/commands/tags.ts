import type { Values } from "../../../mirror/lifecycle";
import type { Asked } from "../asked";
import type { Command } from "../command";
import { exit } from "../exit";
import { jsonOption, worldOptions } from "../options";

/** Tells which tags of a repository rules choose, and why not the others: `getTags`. */
export const tags: Command = {
  word: "tags",
  summary: "tell every tag of a repository: chosen, or which rule drops it",
  words: ["REPOSITORY"],
  options: {
    mode: {
      value: "MODE",
      says: "highest, higher, semver or all. Default: all, or semver where versions are meant",
    },
    range: { value: "RANGE", says: 'only versions in this range: ">=1.4 <2"' },
    pattern: { value: "RE2", says: "only tags that match as a whole" },
    exclude: {
      value: "RE2",
      repeated: true,
      says: "no tag that matches as a whole",
    },
    compatibility: {
      value: "TEXT",
      says: "only versions with this very pre-release: alpine",
    },
    prereleases: { says: "pre-releases, too" },
    "pinned-major": { value: "N", says: "only this major version" },
    newest: { value: "N", says: "only so many of the highest versions" },
    calendar: { says: "major versions above 1024 are versions, too" },
    rules: {
      value: "FILE",
      says: "the rules as in a MirroredRepository's tags, as YAML or JSON; the options above replace its words",
    },
    destination: {
      value: "REPOSITORY",
      says: "where they would come: for --mode higher, and to see which are there",
    },
    chosen: { says: "show only the chosen ones" },
    ...worldOptions,
    ...jsonOption,
  },
  help: `Example:
  npx pulumi-artifact-mirror tags ghcr.io/acme/app --mode semver --range ">=1.4" --newest 5`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { getTags } = await import("../../../functions/getTags.ts");
    const { rulesFrom } = await import("../arguments/rulesFrom.ts");
    const { tagsText } = await import("../print/tagsText.ts");
    return withWorld(asked, terminal, async ({ ask, show }) => {
      const answer = await ask(
        getTags,
        await argumentsOf(asked, rulesFrom(asked, terminal)),
      );
      show(answer, tagsText({ isShort: asked.has("chosen") }));
      return exit.done;
    });
  },
};

async function argumentsOf(
  asked: Asked,
  rules: Promise<Values | undefined>,
): Promise<Values> {
  const tags = await rules;
  const destination = asked.text("destination");
  return {
    source: asked.word(0),
    ...(tags && { tags }),
    ...(destination !== undefined && { destination }),
  };
}

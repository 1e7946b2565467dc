import type { Asked } from "../asked";
import type { Command } from "../command";
import { exit } from "../exit";
import type { Values } from "../../../mirror/lifecycle";
import { jsonOption, worldOptions } from "../options";

/** Lists the repositories of a registry: `getCatalog`. */
export const repositories: Command = {
  word: "catalog",
  summary: "list the repositories of a registry, by the best way it offers",
  words: ["REGISTRY[/NAMESPACE]"],
  options: {
    way: {
      value: "WAY",
      says: "how: distribution, docker-hub, quay, harbor, gitlab, github, google, ecr, zot or artifactory. Default: as the host is known, else distribution",
    },
    api: {
      value: "HOST",
      says: "the host of the product's own API, where it is another one: gitlab.corp.example",
    },
    max: { value: "N", says: "list so many at most. Default 1000" },
    types: { says: "tell what is in each, by its newest tag" },
    ...worldOptions,
    ...jsonOption,
  },
  help: `A registry that lists nothing is an error, and no empty list. What may be missing is told on stderr.

Examples:
  npx pulumi-artifact-mirror catalog docker.io/acme
  npx pulumi-artifact-mirror catalog harbor.corp.example/team --way harbor --types`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { getCatalog } = await import("../../../functions/getCatalog.ts");
    const { catalogText, notesOf } = await import("../print/catalogText.ts");
    return withWorld(
      asked,
      terminal,
      async ({ terminal: inner, ask, show }) => {
        const answer = await ask(getCatalog, argumentsOf(asked));
        show(answer, catalogText);
        if (!asked.has("json"))
          for (const note of notesOf(answer)) inner.complain(`note: ${note}`);
        return exit.done;
      },
    );
  },
};

function argumentsOf(asked: Asked): Values {
  const [way, api, max] = [
    asked.text("way"),
    asked.text("api"),
    asked.text("max"),
  ];
  return {
    registry: asked.word(0),
    ...(way !== undefined && { way }),
    ...(api !== undefined && { api }),
    // what is no number is told by the shape
    ...(max !== undefined && {
      max: /^\d{1,9}$/.test(max) ? Number(max) : max,
    }),
    ...(asked.has("types") && { types: true }),
  };
}

import type { Environment } from "./environment";
import type { Finder } from "./finder";

const host = "ghcr.io";
const variables = ["GITHUB_TOKEN", "GH_TOKEN"] as const;

/** The token of a GitHub job or of the `gh` tool, for GitHub's container registry and no other host. */
export function gitHubFinder(environment: Environment): Finder {
  return {
    name: variables.join(" and "),
    concerns: (other) => other === host,
    find: async () => {
      const variable = variables.find((name) => environment[name]);
      const secret = variable && environment[variable];
      if (!secret) return undefined;
      return {
        kind: "basic",
        source: `the environment variable ${variable}`,
        username: environment["GITHUB_ACTOR"] || "x-access-token",
        secret,
      };
    },
  };
}

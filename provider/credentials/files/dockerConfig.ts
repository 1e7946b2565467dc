import { homedir } from "node:os";
import { join } from "node:path";
import { findInDocument, readIfThere, type Dialect } from "./authEntries";
import type { Environment } from "../environment";
import type { Finder } from "../finder";
import { normalizedKey } from "../match";

/** Docker stores Docker Hub under its first address, and means whole hosts by URLs. */
const dialect: Dialect = {
  writer: "docker",
  keyOf: normalizedKey,
  serverOf: (host) =>
    host === "docker.io" ? "https://index.docker.io/v1/" : host,
};

/** The JSON of a docker configuration in `DOCKER_AUTH_CONFIG`, as GitLab hands it to its jobs. */
export function dockerAuthConfigFinder(environment: Environment): Finder {
  const source = "DOCKER_AUTH_CONFIG";
  return {
    name: source,
    concerns: () => Boolean(environment[source]),
    find: (wanted, reach) => {
      const text = environment[source] ?? "";
      const document = { text, source, environment, dialect };
      return findInDocument(document, wanted, reach.signal);
    },
  };
}

/** `config.json` in `DOCKER_CONFIG`, or in `.docker` of the home directory; read at every use. */
export function dockerConfigFinder(environment: Environment): Finder {
  const source = join(
    environment["DOCKER_CONFIG"] ||
      join(environment["HOME"] || homedir(), ".docker"),
    "config.json",
  );
  return {
    name: source,
    concerns: () => true,
    find: async (wanted, reach) => {
      const text = await readIfThere(source);
      if (text === undefined) return undefined;
      const document = { text, source, environment, dialect };
      return findInDocument(document, wanted, reach.signal);
    },
  };
}

import { homedir } from "node:os";
import { join } from "node:path";
import { findInDocument, readIfThere, type Dialect } from "./authEntries";
import type { Environment } from "../environment";
import { brokenSource, type Finder } from "../finder";
import { narrowKey } from "../match";

const named = "REGISTRY_AUTH_FILE";

/** podman, skopeo and buildah write keys down to a repository, and Docker Hub under its one name. */
const dialect: Dialect = {
  writer: "podman",
  keyOf: narrowKey,
  serverOf: (host) => host,
};

/** `auth.json` of podman, skopeo and buildah (containers-auth.json(5)): the first of its places that knows the repository. */
export function containersAuthFinder(environment: Environment): Finder {
  const places = placesOf(environment, process);
  return {
    name: places.join(", "),
    concerns: () => true,
    find: async (wanted, reach) => {
      for (const source of places) {
        const text = await readIfThere(source);
        if (text === undefined) requireUnnamed(source, environment);
        else {
          const document = { text, source, environment, dialect };
          const found = await findInDocument(document, wanted, reach.signal);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    },
  };
}

/** In the order in which they are read. Without a runtime folder root's podman on Linux has one of its own. */
export function placesOf(
  environment: Environment,
  machine: Pick<NodeJS.Process, "platform" | "getuid">,
): readonly string[] {
  const config =
    environment["XDG_CONFIG_HOME"] ||
    join(environment["HOME"] || homedir(), ".config");
  return [
    environment[named],
    runtimeFile(environment, machine),
    join(config, "containers", "auth.json"),
  ].flatMap((path) => path || []);
}

function runtimeFile(
  environment: Environment,
  machine: Parameters<typeof placesOf>[1],
): string | undefined {
  const folder = environment["XDG_RUNTIME_DIR"];
  if (folder) return join(folder, "containers", "auth.json");
  const uid = machine.platform === "linux" ? machine.getuid?.() : undefined;
  return uid === undefined ? undefined : `/run/containers/${uid}/auth.json`;
}

/** A file that the user names and that is not there is a mistake, as it is for skopeo (N16). */
function requireUnnamed(path: string, environment: Environment): void {
  if (path !== environment[named]) return;
  throw brokenSource(
    path,
    `the file that ${named} names is not there`,
    "log in, or take the variable away",
  );
}

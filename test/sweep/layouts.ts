import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { flawsBelow, type Held } from "./invariants";

interface Line {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const refName = "org.opencontainers.image.ref.name";

/** The lines of `index.json`, read past our own code; none where there is no layout yet. */
function linesIn(directory: string): readonly Line[] {
  const path = join(directory, "index.json");
  if (!existsSync(path)) return [];
  return JSON.parse(readFileSync(path, "utf8")).manifests;
}

/** A layout directory as it lies on the disk. */
export function heldIn(directory: string): Held {
  const named = linesIn(directory).flatMap(
    ({ digest, annotations }): [string, string][] => {
      const name = annotations?.[refName];
      return name === undefined ? [] : [[name, digest]];
    },
  );
  return {
    tags: new Map(named),
    read: (digest) => {
      const path = join(directory, "blobs", ...digest.split(":"));
      return existsSync(path) ? readFileSync(path) : undefined;
    },
  };
}

/** I3: what is wrong with any line of the index, whether it has a name or not. */
export function flawsInIndex(directory: string): readonly string[] {
  const held = heldIn(directory);
  return linesIn(directory).flatMap(({ digest }) => flawsBelow(held, digest));
}

/** Unfinished files and locks. */
export function remainsIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory, { recursive: true }).map(String);
  return names.filter((name) => /\.part$|\.lock/.test(name));
}

import type { Cut } from "../rule";
import { compareVersions, type Version } from "../version";

/** Keeps the last of ascending versions: the highest, and of several tags of it the one that wins. */
export function aboveAll(ascending: readonly Version[]): Cut {
  const winner = ascending.at(-1);
  return {
    keptFrom: Math.max(ascending.length - 1, 0),
    why: (version) => whyBelow(version, winner),
  };
}

function whyBelow(version: Version, winner: Version | undefined): string {
  const tag = winner?.tag ?? "another";
  return winner && compareVersions(version, winner) === 0
    ? `is the same version as ${tag}, which is taken (\`ties\`)`
    : `is lower than ${tag}`;
}

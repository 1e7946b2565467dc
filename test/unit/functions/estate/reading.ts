import {
  readEstate,
  type Estate,
} from "../../../../provider/functions/estate/read";
import type { Shard } from "../../../../provider/functions/estate/shard";

/** A provider that has one policy of its own. */
const floor = {
  policies: { corporate: { unverified: "of the provider" } },
  allowUnverified: true,
};

/** What every file below begins with; entries follow at line 7. */
export const head = `version: 1
registries: { hub: docker.io, ghcr: ghcr.io/acme, corp: reg.example/mirror, us: us.example }
policies: { vendors: { unverified: because } }
defaults:
  policy: vendors
  destinationPrefix: corp
`;

/** Reads a file that is right. */
export function estateIn(text: string, shard?: Shard): Estate {
  const answer = readEstate(text, { floor, shard });
  if ("estate" in answer) return answer.estate;
  throw new Error(answer.problems.map(({ reason }) => reason).join("; "));
}

/** What is wrong with a file, as `line:column reason`. */
export function problemsIn(text: string): readonly string[] {
  const answer = readEstate(text, { floor });
  if ("estate" in answer) return [];
  return answer.problems.map(
    ({ line, column, reason }) => `${line}:${column} ${reason}`,
  );
}

/** Resource → source and destination. */
export function placesIn(text: string): Record<string, unknown> {
  return Object.fromEntries(
    estateIn(text).declared.map(({ name, args }) => [
      name,
      [args.source, args.digest, args.destination].filter(Boolean).join(" → "),
    ]),
  );
}

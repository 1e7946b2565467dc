import { formatReference } from "../../oci/reference";
import {
  referenceIn,
  type Floor,
} from "../../resources/judging/questionFailures";
import { artifactsOf } from "./artifacts";
import type { Declaration, Declared } from "./declared";
import { entriesOf, type Entry } from "./entries";
import type { Problem } from "./problem";
import { aliasesOf, isHost, trimmed } from "./references";
import { repositoriesOf } from "./repositories";
import type { EstateText } from "./shape";

/** More resources than one stack can carry, and fewer than a bomb makes. */
const maxResources = 100_000;

/** Every resource that a file declares, in its order, and what is wrong. */
export function expand(estate: EstateText, floor: Floor): Declaration {
  const ofFile = [
    ...registryProblems(estate),
    ...policyProblems(estate, floor),
  ];
  if (ofFile.length > 0) return { declared: [], problems: ofFile };
  const entries = entriesOf(estate);
  const { policies = {} } = estate;
  const around = {
    floor: { ...floor, policies: { ...floor.policies, ...policies } },
    aliases: aliasesOf(estate.registries),
  };
  const problems = [...sameNames(entries)];
  const declared: Declared[] = [];
  for (const entry of entries) {
    const one =
      entry.kind === "artifacts"
        ? artifactsOf(entry, around)
        : repositoriesOf(entry, around);
    declared.push(...one.declared);
    problems.push(...one.problems);
    if (declared.length > maxResources) {
      const reason = `makes more than ${maxResources} resources: split the file`;
      return { declared: [], problems: [{ path: [], reason }] };
    }
  }
  problems.push(...sameDestinations(declared));
  return { declared, problems };
}

function registryProblems({ registries }: EstateText): readonly Problem[] {
  return Object.entries(registries ?? {}).flatMap(([alias, registry]) => {
    if (typeof registry !== "string") return [];
    const [host = ""] = registry.split("/");
    if (isHost(host) && referenceIn(`${trimmed(registry)}/x`)) return [];
    const reason =
      "must be a host with a dot or a port, and perhaps a path: `docker.io`, `registry.example/mirror`";
    return [{ path: ["registries", alias], reason }];
  });
}

function policyProblems(
  { policies }: EstateText,
  floor: Floor,
): readonly Problem[] {
  return Object.entries(policies ?? {}).flatMap(([name, { use }]) => {
    const path = ["policies", name];
    if (use !== undefined)
      return [
        {
          path: [...path, "use"],
          reason: "a policy that has a name cannot name another: write it out",
        },
      ];
    return Object.hasOwn(floor.policies, name)
      ? [
          {
            path,
            reason: "the provider has a policy of this name, too: leave one",
          },
        ]
      : [];
  });
}

function sameNames(entries: readonly Entry[]): readonly Problem[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const other = seen.get(entry.name);
    if (other === undefined) {
      seen.set(entry.name, entry);
      return [];
    }
    const { path } = entry.scopes[0];
    const reason = "is the name of another entry, too";
    return [{ path, reason, other: other.scopes[0].path }];
  });
}

function sameDestinations(declared: readonly Declared[]): readonly Problem[] {
  const seen = new Map<string, Declared>();
  return declared.flatMap((one) => {
    const place = placeOf(one);
    const other = seen.get(place);
    if (other === undefined) {
      seen.set(place, one);
      return [];
    }
    const reason = `${place} is the destination of ${other.name}, too`;
    return [{ path: one.path, reason, other: other.path }];
  });
}

function placeOf({ destination }: Declared): string {
  const reference = referenceIn(destination);
  return reference ? formatReference(reference) : destination;
}

import { settingOf, type Entry, type Setting } from "./entries";
import { joined, resolvePlace, type Aliases } from "./references";
import type { Problem } from "./problem";

/** One place where an entry is to be. */
export interface Target {
  /** which of several it is: part of the resource's name */
  readonly label: string | undefined;
  /** what it was called before others came, or is called when others come */
  readonly formerLabel: string | undefined;
  /** with its host, and perhaps with a tag */
  readonly text: string;
  readonly path: readonly PropertyKey[];
}

/** What is wrong with the places, or the places. */
export interface Targets {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

/** Where an entry is to be: its `destination`, or each prefix followed by the source's path. */
export function targetsOf(
  entry: Entry,
  aliases: Aliases,
  sourcePath: string | undefined,
): Targets {
  const [own] = entry.scopes;
  const prefixes = settingOf(entry, "destinationPrefix");
  const { destination } = own.values;
  if (destination !== undefined) {
    const path = [...own.path, "destination"];
    return own.values.destinationPrefix === undefined
      ? placed({ value: destination, path }, aliases, undefined)
      : none(path, "stands beside destinationPrefix: leave one");
  }
  if (prefixes === undefined) {
    const reason =
      "has no destination: write `destination` here, or `destinationPrefix` here, in its group or in `defaults`";
    return none(own.path, reason);
  }
  if (sourcePath === undefined) {
    const reason =
      "has a directory as its source, which gives no path at the destination: write `destination`";
    return none(own.path, reason);
  }
  return placed(prefixes, aliases, sourcePath);
}

function none(path: readonly PropertyKey[], reason: string): Targets {
  return { targets: [], problems: [{ path, reason }] };
}

function placed(
  { value, path }: Setting,
  aliases: Aliases,
  sourcePath: string | undefined,
): Targets {
  const targets: Target[] = [];
  const problems: Problem[] = [];
  for (const place of placesIn(value, path)) {
    const written = sourcePath ? joined(place.text, sourcePath) : place.text;
    const found = resolvedPlace(written, aliases);
    if ("reason" in found) {
      problems.push({ path: place.path, reason: found.reason });
      continue;
    }
    const label = place.label ?? found.registry;
    if (place.isMany && targets.some((other) => other.label === label)) {
      const reason = `is the second destination called ${label}: name them, as an object of name → place`;
      problems.push({ path: place.path, reason });
      continue;
    }
    targets.push({
      label: place.isMany ? label : undefined,
      formerLabel: place.isMany ? undefined : label,
      text: found.text,
      path: place.path,
    });
  }
  return { targets, problems };
}

function resolvedPlace(
  written: string,
  aliases: Aliases,
): ReturnType<typeof resolvePlace> {
  return written.startsWith("oci:")
    ? { text: written, registry: "oci", rest: "" }
    : resolvePlace(written, aliases);
}

interface Place {
  readonly text: string;
  readonly label: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly isMany: boolean;
}

/** A place alone, a list of them, or an object of names and places. */
function placesIn(
  value: Setting["value"],
  path: readonly PropertyKey[],
): readonly Place[] {
  if (typeof value === "string") {
    return [{ text: value, label: undefined, path, isMany: false }];
  }
  if (typeof value !== "object") return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, text]) => {
    const step = isList ? Number(key) : key;
    const label = isList ? undefined : key;
    return typeof text === "string"
      ? [{ text, label, path: [...path, step], isMany: true }]
      : [];
  });
}

import type { Values } from "../../../../../mirror/lifecycle";
import type { DraftEntry, Format } from "../../draft";
import { givenEntries } from "../../reading/entries";
import type { Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { type Place, nameFor, placeOf } from "../../dialects/place";
import { regsyncHost } from "./host";
import { type Settings, settingsOf, settingReasons } from "./settings";
import { tagsOf } from "./tags";
import { fillRegsync } from "../../dialects/variables";

type Environment = Readonly<Record<string, string | undefined>>;

interface SyncEntry extends DraftEntry {
  readonly kind: "artifact" | "repository";
  readonly minRemaining?: { readonly host: string; readonly count: number };
}

const notes = [
  "regsync copies referrers and sha256-… tags only when it is told to (`referrers`, `digestTags`); here evidence always comes along, because a copy without it could not be verified again",
  "regsync overwrites what a target's tag names; here a moved tag of a repository follows with `replaceTag: verified` and if the policy admits it, and a tag that somebody else wrote is left alone",
  "in `semverRange`, regsync knows versions of four and more numbers; here these are no versions",
];

const generalReasons = {
  parallel: "each host has a pace of its own here, which follows its answers",
  blobLimit:
    "artifacts stream through, and the size of a blob has no limit to raise",
  cacheCount: "answers are shared within one run, without a setting",
  cacheTime: "answers are shared within one run, without a setting",
  skipDockerConfig:
    "Docker's configuration is read unless `credentials` of the provider say something else of a host",
  userAgent: "it cannot be chosen",
};

/** `sync: [{ source, target, type, … }]` */
export const regsync: Format = {
  name: "regsync",
  isOne: ({ keys }) => keys.includes("sync"),
  read(top, environment) {
    top.get("version");
    const hosts = regsyncHosts(top, environment);
    const defaults = top.get("defaults")?.mapping();
    const entries = givenEntries(top.items("sync"), (entry) =>
      entryOf(entry, { defaults, environment }),
    );
    defaults?.leave({ ...settingReasons, ...generalReasons });
    defaults?.finish("regsync");
    top.finish("regsync");
    return {
      registries: withRemaining(hosts, entries),
      policies: new Map(),
      artifacts: entries.filter(({ kind }) => kind === "artifact"),
      repositories: entries.filter(({ kind }) => kind === "repository"),
      notes,
    };
  },
};

function entryOf(
  entry: Mapping,
  around: {
    readonly defaults: Mapping | undefined;
    readonly environment: Environment;
  },
): SyncEntry {
  const { environment } = around;
  const type = entry.get("type")?.text();
  if (type === "registry")
    throw new LeftOut(
      "an estate names its repositories: list those of a registry with `npx pulumi-artifact-mirror catalog HOST`, and write an entry for each",
    );
  const source = placeIn(entry, "source", environment);
  const target = placeIn(entry, "target", environment);
  const settings = settingsOf(entry, {
    ...around,
    hasTags: type === "repository",
  });
  const read =
    type === "image"
      ? artifactOf
      : type === "repository"
        ? repositoryOf
        : undefined;
  if (read === undefined)
    throw new LeftOut("its type is neither image, repository nor registry");
  const made = read(entry, { source, target, settings });
  entry.leave(settingReasons);
  entry.finish("regsync");
  const { host } = source;
  const { minRemaining: count } = settings;
  return {
    ...made,
    path: entry.path,
    line: entry.line,
    ...(host !== undefined &&
      count !== undefined && { minRemaining: { host, count } }),
  };
}

interface Read {
  readonly source: Place;
  readonly target: Place;
  readonly settings: Settings;
}

function artifactOf(entry: Mapping, { source, target, settings }: Read) {
  entry.leave({
    tags: "is for type repository; for an image regsync passes over it as well",
    tagSets:
      "is for type repository; for an image regsync passes over it as well",
    repos: "is for type registry; for an image regsync passes over it as well",
  });
  if (target.digest !== undefined)
    throw new LeftOut(
      "its target has a digest, which only the source can give",
    );
  const tag =
    source.digest === undefined ? (source.tag ?? "latest") : source.tag;
  const to = target.tag ?? "latest";
  const from = `${source.repository}${tag ? `:${tag}` : ""}${source.digest ? `@${source.digest}` : ""}`;
  return {
    kind: "artifact",
    name: nameFor({ ...target, tag: to }),
    values: {
      source: from,
      destination: `${target.repository}:${to}`,
      ...settings.values,
    },
  } as const;
}

function repositoryOf(entry: Mapping, { source, target, settings }: Read) {
  entry.leave({
    repos:
      "is for type registry; for a repository regsync passes over it as well",
  });
  if ([source, target].some(({ tag, digest }) => tag ?? digest))
    throw new LeftOut(
      "its source or target has a tag or a digest, and is no repository",
    );
  return {
    kind: "repository",
    name: nameFor(target),
    values: {
      source: source.repository,
      destination: target.repository,
      tags: tagsOf(entry),
      replaceTag: "verified",
      ...settings.values,
    },
  } as const;
}

function placeIn(entry: Mapping, key: string, environment: Environment): Place {
  const text = fillRegsync(entry.get(key), environment);
  if (text === undefined || text === "") throw new LeftOut(`${key} is missing`);
  return placeOf(text);
}

function regsyncHosts(
  top: Mapping,
  environment: Environment,
): ReadonlyMap<string, Values> {
  const hosts = new Map<string, Values>();
  for (const given of top.items("creds")) {
    const read = regsyncHost(given, environment);
    if (read) hosts.set(read.host, read.values);
  }
  return hosts;
}

/** Each source's host keeps for others what the most careful of its entries says. */
function withRemaining(
  hosts: ReadonlyMap<string, Values>,
  entries: readonly SyncEntry[],
): ReadonlyMap<string, Values> {
  const all = new Map(hosts);
  for (const { minRemaining } of entries) {
    if (minRemaining === undefined) continue;
    const { host, count } = minRemaining;
    const before = all.get(host)?.["minRemaining"];
    const most = typeof before === "number" ? Math.max(before, count) : count;
    all.set(host, { ...all.get(host), minRemaining: most });
  }
  return all;
}

import type { Value, Values } from "../../../../../mirror/lifecycle";
import type { Given, Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { placeOf } from "../../dialects/place";
import { fillRegsync } from "../../dialects/variables";

/** What entries of both kinds share. */
export interface Settings {
  readonly values: Values;
  /** of the source's host */
  readonly minRemaining?: number;
}

/** What an entry, or the defaults, may say and an estate does not. */
export const settingReasons = {
  backup:
    "no tag is overwritten that this estate did not write, and the former digest of one that follows stays where it is: pin it by a tag of its own if you need its name",
  interval: "the pipeline that runs `pulumi up` has the schedule",
  schedule: "the pipeline that runs `pulumi up` has the schedule",
  mediaTypes: "artifacts of every type are mirrored; choose by tags",
  hooks: "a step of the pipeline before or after `pulumi up` does this",
  includeExternal: "layers that only name another place stay there",
  referrerTarget:
    "evidence lies beside what it is about, where verifiers look for it",
  referrerSlow: "fallback tags are always looked at",
};

const evidenceComes =
  "evidence always comes along, because a copy without it could not be verified again";

interface Around {
  readonly hasTags: boolean;
  readonly defaults: Mapping | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The settings that hold for an entry: its own, else those of the defaults. */
export function settingsOf(entry: Mapping, around: Around): Settings {
  const { defaults } = around;
  const say = (key: string): Given | undefined => {
    const [own, other] = [entry.get(key), defaults?.get(key)];
    return own ?? other;
  };
  const platforms = platformsOf(entry);
  const evidence = evidenceOf(say, around);
  const minRemaining = [entry, defaults]
    .map(remainingOf)
    .find((count) => count !== undefined && count > 0);
  return {
    values: {
      ...(platforms && { platforms }),
      ...(Object.keys(evidence).length > 0 && { evidence }),
    },
    ...(minRemaining !== undefined && { minRemaining }),
  };
}

function remainingOf(mapping: Mapping | undefined): number | undefined {
  const limit = mapping?.within("ratelimit");
  const count = limit?.get("min")?.count();
  limit?.leave({ retry: "the host itself says when it may be asked again" });
  limit?.finish("regsync");
  return count;
}

function platformsOf(entry: Mapping): readonly string[] | undefined {
  const one = entry.get("platform");
  const many = entry.get("platforms");
  const platform = one?.text();
  if (one && platform !== undefined)
    one.leave(
      `was carried over as platforms: [${platform}]: the index stays as it is, with its digest and its signatures, where regsync copies the one image`,
    );
  const platforms = [...(platform ? [platform] : []), ...(many?.texts() ?? [])];
  return platforms.length > 0 ? platforms : undefined;
}

function evidenceOf(
  say: (key: string) => Given | undefined,
  { hasTags, environment }: Around,
): Values {
  const wanted = ["referrers", "digestTags"].map((key) => {
    const given = say(key);
    if (given?.flag() === false) given.leave(evidenceComes);
    return given?.flag() === true;
  });
  const elsewhere = repositoryIn(say("referrerSource"), environment);
  const include = includedTypes(say("referrerFilters"));
  const wantsLater = wanted.includes(true);
  const watch = watchOf(say, { hasTags, wantsLater });
  return {
    ...(elsewhere && { repositories: [elsewhere] }),
    ...(include && { include }),
    ...(watch && { watch }),
  };
}

function watchOf(
  say: (key: string) => Given | undefined,
  {
    hasTags,
    wantsLater,
  }: { readonly hasTags: boolean; readonly wantsLater: boolean },
): Value {
  const deep = say("forceRecursive");
  const isFast = say("fastCheck")?.flag();
  if (deep?.flag()) return deepWatch(deep, hasTags);
  if (isFast) return "none";
  return hasTags && wantsLater ? "root" : undefined;
}

/** A repository watches the root of each tag at most. */
function deepWatch(given: Given, hasTags: boolean): Value {
  if (!hasTags) return "all";
  given.leave(
    "a repository asks for the evidence of each tag's root (watch: root), and not for everything below it",
  );
  return "root";
}

function includedTypes(
  filters: Given | undefined,
): readonly string[] | undefined {
  if (filters === undefined) return undefined;
  const types = filters.items().flatMap((item) => {
    const filter = item.mapping();
    const type = filter?.get("artifactType")?.text();
    filter?.leave({
      annotations:
        "evidence is chosen by its types only, so that what these annotations leave behind comes along",
    });
    filter?.finish("regsync");
    return type ? [type] : ["*"];
  });
  if (types.length === 0) throw new LeftOut("its referrerFilters are empty");
  return types;
}

function repositoryIn(
  given: Given | undefined,
  environment: Around["environment"],
): string | undefined {
  const text = fillRegsync(given, environment);
  if (text === undefined || text === "") return undefined;
  const { repository, tag, digest } = placeOf(text);
  if (tag ?? digest)
    throw new LeftOut(
      "its referrerSource has a tag or a digest, and is no repository",
    );
  return repository;
}

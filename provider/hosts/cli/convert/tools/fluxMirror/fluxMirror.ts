import type { Values } from "../../../../../mirror/lifecycle";
import type { DraftEntry, Format } from "../../draft";
import { givenEntries } from "../../reading/entries";
import { fluxHosts } from "./hosts";
import { selectionOf } from "./selector";
import { verificationOf } from "./verification";
import type { Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { nameFor, placeOf, type Place } from "../../dialects/place";
import { fillFlux } from "../../dialects/variables";

interface Entry extends DraftEntry {
  readonly policy?: Values;
}

const notes = [
  "flux-mirror copies referrers only with `includeReferrers`; here evidence always comes along, because a copy without it could not be verified again",
  "flux-mirror gives an entry up when one of its tags fails verification; here the others are mirrored, and the run fails with every refusal",
];

/** `kind: Config` of `mirror.plugin.fluxcd.io` */
export const fluxMirror: Format = {
  name: "flux-mirror",
  isOne: isFluxMirror,
  read(top, environment) {
    top.fillBy(fillFlux(environment));
    top.get("apiVersion");
    top.get("kind");
    const entries = givenEntries(top.items("artifacts"), entryOf);
    for (const chart of top.items("charts"))
      chart.page.log.leaveOut(
        chart,
        "left out: it comes from a Helm repository over HTTP, which is no OCI registry: push it into one first, or let flux-mirror go on with it",
      );
    const registries = fluxHosts(top);
    top.finish("flux-mirror");
    const { policies, repositories } = withPolicies(entries);
    return { registries, policies, artifacts: [], repositories, notes };
  },
};

function entryOf(entry: Mapping): Entry {
  const source = repositoryIn(entry, "source");
  const destination = repositoryIn(entry, "destination");
  const tags = selectionOf(entry);
  const verified = verificationOf(entry);
  const referrers = entry.get("includeReferrers");
  if (referrers?.flag() === false)
    referrers.leave(
      "evidence always comes along, because a copy without it could not be verified again",
    );
  const values: Values = {
    source: source.repository,
    destination: destination.repository,
    tags: { ...tags, ...(verified?.minAge && { minAge: verified.minAge }) },
    ...(entry.flag("overwrite") && { replaceTag: "verified" }),
    // what appears at the source later comes with the next run
    ...(referrers?.flag() && { evidence: { watch: "root" } }),
  };
  entry.finish("flux-mirror");
  return {
    name: nameFor(destination),
    values,
    ...(verified && { policy: verified.policy }),
    path: entry.path,
    line: entry.line,
  };
}

/** Equal policies are one, with the name of the first entry that has it. */
function withPolicies(entries: readonly Entry[]): {
  readonly policies: ReadonlyMap<string, Values>;
  readonly repositories: readonly DraftEntry[];
} {
  const names = new Map<string, string>();
  const policies = new Map<string, Values>();
  const repositories = entries.map(({ policy, ...entry }) => {
    if (policy === undefined) return entry;
    const key = JSON.stringify(policy);
    const name = names.get(key) ?? freeName(entry.name, policies);
    names.set(key, name);
    policies.set(name, policy);
    return { ...entry, values: { ...entry.values, policy: name } };
  });
  return { policies, repositories };
}

/** Destinations of two hosts may be called alike: a name that another policy has would give one entry the other's signers. */
function freeName(
  entry: string,
  policies: ReadonlyMap<string, unknown>,
): string {
  const plain = `signers-of-${entry}`.slice(0, 90);
  let name = plain;
  for (let count = 2; policies.has(name); count += 1)
    name = `${plain}-${count}`;
  return name;
}

function repositoryIn(entry: Mapping, key: string): Place {
  const text = entry.text(key);
  if (text === undefined) throw new LeftOut(`${key} is missing`);
  const place = placeOf(text.replace(/^oci:\/\//, ""));
  if (place.tag !== undefined || place.digest !== undefined)
    throw new LeftOut(`${key} is no repository: it has a tag or a digest`);
  return place;
}

/** By its apiVersion; an excerpt without one by its list of artifacts, which an estate has under a version. */
function isFluxMirror(top: Mapping): boolean {
  const apiVersion = top.peek("apiVersion");
  return apiVersion === undefined
    ? top.keys.includes("artifacts") && !top.keys.includes("version")
    : /^mirror\..*flux/.test(apiVersion);
}

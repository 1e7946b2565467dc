import { stringify } from "yaml";
import type { Values } from "../../../mirror/lifecycle";
import type { Draft, DraftEntry } from "./draft";

/** The name of the policy that entries without their own have. */
const policyName = "converted";

/** Stands for the policy while an estate is tried. */
export const placeholder: Values = { unverified: "not decided yet" };

/** The estate file of a draft. */
export function estateYaml(
  draft: Draft,
  how: {
    readonly policy: Values;
    readonly head: string;
    /** whether what all entries say becomes a default */
    readonly isShort: boolean;
  },
): string {
  const { artifacts, repositories } = draft;
  const all = [...artifacts, ...repositories];
  const wantsPolicy = all.some(({ values }) => values["policy"] === undefined);
  const shared = how.isShort ? sharedSettings(draft, all) : {};
  const defaults = { ...(wantsPolicy && { policy: policyName }), ...shared };
  const policies = {
    ...(wantsPolicy && { [policyName]: how.policy }),
    ...Object.fromEntries(draft.policies),
  };
  const registries = registriesOf(draft.registries, all);
  const without = Object.keys(shared);
  const estate = {
    version: 1,
    ...filled({ registries, policies, defaults }),
    ...filled({
      artifacts: byName(artifacts, without),
      repositories: byName(repositories, without),
    }),
  };
  return `${how.head}${stringify(estate, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function sharedSettings(
  { repositories }: Draft,
  all: readonly DraftEntry[],
): Values {
  const evidence = sharedBy(all, "evidence");
  const replaceTag = sharedBy(repositories, "replaceTag");
  return {
    ...(evidence !== undefined && { evidence }),
    ...(replaceTag !== undefined && { replaceTag }),
  };
}

function filled(parts: Readonly<Record<string, object>>): object {
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0),
  );
}

/** A word that all of them say, and in the same way. */
function sharedBy(entries: readonly DraftEntry[], word: string) {
  const [first, ...others] = entries.map(({ values }) => values[word]);
  const text = JSON.stringify(first);
  return others.length > 0 &&
    others.every((other) => JSON.stringify(other) === text)
    ? first
    : undefined;
}

function byName(
  entries: readonly DraftEntry[],
  without: readonly string[],
): Readonly<Record<string, object>> {
  const kept = ({ values }: DraftEntry) =>
    Object.fromEntries(
      Object.entries(values).filter(([word]) => !without.includes(word)),
    );
  return Object.fromEntries(entries.map((entry) => [entry.name, kept(entry)]));
}

/** Aliases for hosts that are reached in another way than by default, and for those that do not look like hosts. */
function registriesOf(
  settings: Draft["registries"],
  entries: readonly DraftEntry[],
): Readonly<Record<string, string | object>> {
  const bare = entries
    .flatMap(({ values }) => [values["source"], values["destination"]])
    .flatMap(
      (text) => (typeof text === "string" ? text.split("/")[0] : []) ?? [],
    )
    .filter((host) => /^[a-z0-9-]+$/.test(host) && !settings.has(host))
    .map((host) => [host, host] as const);
  const taken = new Map<string, string | object>(bare);
  for (const [host, values] of settings) {
    if (Object.keys(values).length === 0 && /[.:]/.test(host)) continue;
    taken.set(aliasOf(host, taken), { host, ...values });
  }
  return Object.fromEntries(taken);
}

function aliasOf(host: string, taken: ReadonlyMap<string, unknown>): string {
  const plain = host
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 55);
  let alias = plain;
  for (let count = 2; taken.has(alias); count += 1) alias = `${plain}-${count}`;
  return alias;
}

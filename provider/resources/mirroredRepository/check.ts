import { repositoryOf, type Reference } from "../../oci/reference";
import {
  hasUnknown,
  type Call,
  type Failure,
  type Value,
  type Values,
} from "../../mirror/lifecycle";
import { checkShape } from "../../verifiers/checkShape";
import { policyDigest } from "../../verifiers/policy";
import { pinnedPolicy } from "../judging/pinnedPolicy";
import { referenceIn } from "../judging/questionFailures";
import { policyOf } from "../judging/sharedPolicy";
import type { Listing } from "../memory";
import type { World } from "../world";
import { semanticFailures } from "./failures";
import { inputs as shape, type Inputs } from "./inputs";
import { listingKey } from "./intent";
import { silenceOf } from "./looking/silence";
import { wantedDigests, type Known } from "./choosing/wantedDigests";

const maxNamed = 20;

/** Validates, and fills `digests` with what Read just saw, by the rules as they are now. Asks nobody. */
export async function check(
  world: World,
  call: Call,
  { olds, news }: { readonly olds?: Values; readonly news: Values },
): Promise<{ inputs: Values; failures: readonly Failure[] }> {
  const failures = [...checkShape(shape, news)];
  if (failures.length === 0) failures.push(...semanticFailures(world, news));
  if (failures.length > 0) return { inputs: {}, failures };
  const pinned = await pinnedPolicy(world, news.policy, call.reach);
  if (pinned.failures.length > 0)
    return { inputs: {}, failures: pinned.failures };
  const { policy } = pinned;
  const isPinned = policy !== news.policy;
  const filled = fill(world, call, { olds, news: { ...news, policy } });
  return {
    inputs: {
      ...(isPinned && { policy }),
      ...(filled.digests && { digests: filled.digests }),
    },
    failures: filled.failures,
  };
}

interface Declarations {
  readonly olds?: Values | undefined;
  readonly news: Values;
}

interface Places {
  readonly source: Reference;
  readonly destination: Reference;
}

/** The tags that are wanted, as far as both places and the rules are known. */
function fill(
  world: World,
  call: Call,
  declared: Declarations,
): {
  readonly digests?: Values;
  readonly failures: readonly Failure[];
} {
  const { news } = declared;
  const [source, destination] = [
    referenceIn(news.source),
    referenceIn(news.destination),
  ];
  if (!source || !destination) return { failures: [] };
  const places = { source, destination };
  const digests = digestsOf(world, call, { ...declared, places });
  const all = { ...digests, ...membersOf(news.digests) };
  return {
    ...(digests && { digests }),
    failures: [
      ...silenceFailures(world, declared, source),
      ...claimFailures(world, places, Object.keys(all)),
    ],
  };
}

/** `undefined`: nothing is known, so nothing is filled in. Without a look at both sides, what was wanted before stays. */
function digestsOf(
  world: World,
  call: Call,
  { olds, news, places }: Declarations & { readonly places: Places },
): Values | undefined {
  if (ruled.some((name) => hasUnknown(news[name]))) return undefined;
  const old = isSamePlace(olds, places) ? membersOf(olds?.digests) : {};
  const pins = membersOf(news.digests);
  const given = rules.parse(news);
  const seen = world.memory.listings.get(listingKey(places));
  const listing = seen && usable(given.tags, seen);
  if (!listing || !seen) {
    const all = { ...old, ...pins };
    return Object.keys(all).length > 0 ? all : undefined;
  }
  const { digests, waiting, unasked } = wantedDigests({
    given,
    listing,
    pins: textsOf(pins),
    olds: textsOf(old),
    policyDigest: digestOfPolicy(world, news.policy),
    now: call.reach.now(),
  });
  world.memory.listings.set(listingKey(places), { ...seen, unasked });
  tellWaiting(call, places.destination, waiting);
  return Object.fromEntries(digests);
}

const ruled = [
  "tags",
  "rename",
  "replaceTag",
  "prune",
  "onRefused",
  "digests",
] as const;
const rules = shape
  .pick({
    tags: true,
    rename: true,
    replaceTag: true,
    prune: true,
    onRefused: true,
  })
  .loose();

/** A look that is enough for the rules: a list needs none of the source, and only `higher` needs the destination's. */
function usable(
  { mode, list = [] }: Inputs["tags"],
  seen: Listing,
): Known["listing"] | undefined {
  const source = mode === "list" ? list : seen.source;
  if (!source || (mode === "higher" && !seen.destination)) return undefined;
  return { ...seen, source };
}

function isSamePlace(olds: Values | undefined, places: Places): boolean {
  const [source, destination] = [
    referenceIn(olds?.source),
    referenceIn(olds?.destination),
  ];
  return (
    source !== undefined &&
    destination !== undefined &&
    listingKey({ source, destination }) === listingKey(places)
  );
}

function digestOfPolicy(world: World, policy: Value): string | undefined {
  if (hasUnknown(policy)) return undefined;
  return policyDigest(policyOf(world, shape.shape.policy.parse(policy)));
}

function membersOf(value: Value): Values {
  return typeof value === "object" && !isList(value) ? value : {};
}

const isList = (value: object): value is readonly Value[] =>
  Array.isArray(value);

function textsOf(values: Values): ReadonlyMap<string, string> {
  const texts = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return new Map(texts);
}

function tellWaiting(
  call: Call,
  destination: Reference,
  waiting: readonly string[],
): void {
  if (waiting.length === 0) return;
  const more = waiting.length - maxNamed;
  const lines = [
    ...waiting.slice(0, maxNamed),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  const tags = waiting.length === 1 ? "tag waits" : "tags wait";
  call.tell({
    kind: "info",
    text: `${repositoryOf(destination)}: ${waiting.length} ${tags} for its age\n  ${lines.join("\n  ")}`,
  });
}

/** `onSourceUnavailable: "error"`: what is mirrored already does not go on without its source. */
function silenceFailures(
  world: World,
  { olds, news }: Declarations,
  source: Reference,
): Failure[] {
  const why = silenceOf(world, source);
  const isWanted = news.onSourceUnavailable === "error" && olds !== undefined;
  if (!isWanted || why === undefined) return [];
  const reason = `what the source has now could not be learned, and onSourceUnavailable is "error": ${why}`;
  return [{ property: "source", reason }];
}

/** Two resources of one run may share a destination, but none of its tags from different sources. */
function claimFailures(
  { memory }: World,
  { source, destination }: Places,
  tags: readonly string[],
): Failure[] {
  const place = repositoryOf(destination);
  const taken = tags.flatMap((tag) => {
    const owner = memory.claim(`${place}:${tag}`, repositoryOf(source));
    return owner === undefined ? [] : [`${tag} (from ${owner})`];
  });
  if (taken.length === 0) return [];
  const names = taken.slice(0, maxNamed).join(", ");
  const rest = taken.length > maxNamed ? ", …" : "";
  const reason = `another resource of this run mirrors to tags of it that this one chooses: ${names}${rest}: choose other tags, rename them, or give each its own repository`;
  return [{ property: "destination", reason }];
}

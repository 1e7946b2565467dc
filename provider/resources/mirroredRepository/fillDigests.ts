import { repositoryOf, type Reference } from "../../oci/reference";
import {
  hasUnknown,
  type Call,
  type Value,
  type Values,
} from "../../mirror/lifecycle";
import { policyDigest } from "../../verifiers/policy";
import { referenceIn } from "../judging/questionFailures";
import { policyOf } from "../judging/sharedPolicy";
import type { Listing } from "../memory";
import type { World } from "../world";
import { wantedDigests, type Known } from "./choosing/wantedDigests";
import { inputs as shape, type Inputs } from "./inputs";
import { listingKey } from "./intent";

const maxNamed = 20;

/** What was declared before, if it was, and what is now. */
export interface Declared {
  readonly olds?: Values | undefined;
  readonly news: Values;
}

/** Both repositories. */
export interface Places {
  readonly source: Reference;
  readonly destination: Reference;
}

/** The digests that are wanted, by tag: what Read saw, by the rules as they are now. `undefined`: nothing is known, so nothing is filled in. Without a look at both sides, what was wanted before stays. */
export function fillDigests(
  world: World,
  call: Call,
  { olds, news, places }: Declared & { readonly places: Places },
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

/** The members of a value that is an object; of any other, none. */
export function membersOf(value: Value): Values {
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

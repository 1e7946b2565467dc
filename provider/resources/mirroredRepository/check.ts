import { repositoryOf, type Reference } from "../../oci/reference";
import type { Call, Failure, Values } from "../../mirror/lifecycle";
import { checkShape } from "../../verifiers/checkShape";
import { pinnedPolicy } from "../judging/pinnedPolicy";
import { referenceIn } from "../judging/questionFailures";
import type { World } from "../world";
import { semanticFailures } from "./failures";
import {
  fillDigests,
  membersOf,
  type Declared,
  type Places,
} from "./fillDigests";
import { inputs as shape } from "./inputs";
import { silenceOf } from "./looking/silence";

const maxNamed = 20;

/** Validates, and fills `digests` with what Read just saw, by the rules as they are now. Asks nobody. */
export async function check(
  world: World,
  call: Call,
  { olds, news }: Declared,
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

/** The tags that are wanted, as far as both places and the rules are known. */
function fill(
  world: World,
  call: Call,
  declared: Declared,
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
  const digests = fillDigests(world, call, { ...declared, places });
  const all = { ...digests, ...membersOf(news.digests) };
  return {
    ...(digests && { digests }),
    failures: [
      ...silenceFailures(world, declared, source),
      ...claimFailures(world, places, Object.keys(all)),
    ],
  };
}

/** `onSourceUnavailable: "error"`: what is mirrored already does not go on without its source. */
function silenceFailures(
  world: World,
  { olds, news }: Declared,
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

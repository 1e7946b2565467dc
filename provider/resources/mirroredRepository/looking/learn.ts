import type { Call } from "../../../mirror/lifecycle";
import { seenAgain } from "../../mirroring/age/standing";
import type { Candidate } from "../../mirroring/age/candidateOutput";
import type { World } from "../../world";
import type { Intent } from "../intent";
import { askDestination, askSource, type Sides } from "./look";
import type { Outputs } from "../outputs";
import { selectionOf } from "../choosing/selection";
import { sourceTags } from "../choosing/sourceTags";

/** What a look at both sides tells of a repository's tags. All names are tags at the destination. */
export interface Learned {
  /** what is mirrored, as the destination has it now */
  readonly digests: Outputs["digests"];
  /** what was mirrored, and is proven not to be there any more */
  readonly gone: ReadonlySet<string>;
  /** what the source names now, as far as it was asked */
  readonly atSource: ReadonlyMap<string, string>;
  /** tag at the source → the same */
  readonly bySourceTag: ReadonlyMap<string, string>;
  /** chosen tags that name something at the destination which is not from us */
  readonly foreign: ReadonlyMap<string, string>;
  readonly candidates?: Outputs["candidates"];
}

interface Looked {
  readonly intent: Intent;
  readonly former: Outputs;
  readonly sides: Sides;
}

/** Asks for the tags that are new or may have moved, and for those that the destination does not list any more. */
export async function learn(
  world: World,
  call: Call,
  looked: Looked,
): Promise<Learned> {
  const { intent, former } = looked;
  const names = namesToAsk(looked);
  const tags = [...new Set(names.values())];
  const [there, bySourceTag] = await Promise.all([
    askDestination(world, call, {
      destination: intent.destination,
      tags: tagsToAskThere(looked, names),
    }),
    askSource(world, call, { source: intent.source, tags }),
  ]);
  const atSource = new Map<string, string>();
  for (const [name, tag] of names) {
    const digest = bySourceTag.get(tag);
    if (digest !== undefined) atSource.set(name, digest);
  }
  const mirrored = mirroredNow(looked, there);
  const isOurs = (name: string) => Object.hasOwn(former.digests, name);
  const foreign = [...there].filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !isOurs(entry[0]),
  );
  return {
    ...mirrored,
    atSource,
    bySourceTag,
    foreign: new Map(foreign),
    candidates: candidatesNow(looked, atSource, call.reach.now()),
  };
}

/** Tag at the destination → tag at the source, of what is chosen and new, and of what is mirrored and follows. */
function namesToAsk({
  intent,
  former,
  sides,
}: Looked): ReadonlyMap<string, string> {
  const { given } = intent;
  const { source, destination } = sides;
  const isBlind = given.tags.mode === "higher" && destination === undefined;
  if (source === undefined || isBlind) return new Map();
  const { chosen } = selectionOf(intent, { source, destination });
  const isOurs = (name: string) => Object.hasOwn(former.digests, name);
  const fresh = [...chosen].filter(([name]) => !isOurs(name));
  if (given.replaceTag !== "verified") return new Map(fresh);
  const names = sourceTags(given, source, chosen);
  const following = Object.keys(former.digests).flatMap(
    (name): [string, string][] => {
      const tag = names.get(name);
      return tag === undefined ? [] : [[name, tag]];
    },
  );
  return new Map([...fresh, ...following]);
}

/** What the list lacks, though it was mirrored; what it has, though it was not; and what may have moved there. */
function tagsToAskThere(
  { intent, former, sides }: Looked,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  if (sides.destination === undefined) return [];
  const listed = new Set(sides.destination);
  const ours = Object.keys(former.digests);
  const asked =
    intent.given.replaceTag === "verified"
      ? ours
      : ours.filter((name) => !listed.has(name));
  const occupied = [...names.keys()].filter(
    (name) => listed.has(name) && !Object.hasOwn(former.digests, name),
  );
  return [...asked, ...occupied];
}

/** What is not in the list, and not there when it is asked for, is gone. */
function mirroredNow(
  { former, sides }: Looked,
  there: ReadonlyMap<string, string | undefined>,
): Pick<Learned, "digests" | "gone"> {
  const listed = new Set(sides.destination);
  const gone = new Set<string>();
  const digests = new Map<string, string>();
  for (const [name, digest] of Object.entries(former.digests)) {
    const isGone =
      there.has(name) && there.get(name) === undefined && !listed.has(name);
    if (isGone) gone.add(name);
    else digests.set(name, there.get(name) ?? digest);
  }
  return { digests: Object.fromEntries(digests), gone };
}

/** What is not mirrored as the source has it now, since when we know it. */
function candidatesNow(
  { intent, former }: Looked,
  atSource: ReadonlyMap<string, string>,
  now: Date,
): Outputs["candidates"] {
  const { minAge } = intent.given.tags;
  if (minAge === undefined) return former.candidates;
  const known = new Map<string, Candidate>(
    Object.entries(former.candidates ?? {}),
  );
  const mirrored = new Map(Object.entries(former.digests));
  for (const [name, digest] of atSource) {
    if (mirrored.get(name) === digest) known.delete(name);
    else {
      const seen = { digest, by: minAge.by, now };
      known.set(name, seenAgain(known.get(name), seen));
    }
  }
  return known.size > 0 ? Object.fromEntries(known) : undefined;
}

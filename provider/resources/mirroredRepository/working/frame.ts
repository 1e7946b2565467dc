import { MirrorError } from "../../../mirror/errors";
import { policyDigest } from "../../../verifiers/policy";
import { policyOf } from "../../judging/sharedPolicy";
import type { Listing } from "../../memory";
import { listingKey } from "../intent";
import { listDestination, listSource } from "../looking/list";
import { askDestination } from "../looking/look";
import { selectionOf, type Selection } from "../choosing/selection";
import { noteSilence } from "../looking/silence";
import type { Turn } from "./turn";

/** What is known before the first tag is looked at. */
export interface Frame {
  /** what Read of this process saw */
  readonly looked: Listing | undefined;
  /** absent where the source could not be asked */
  readonly source: readonly string[] | undefined;
  /** absent where the registry has no list */
  readonly destination: ReadonlySet<string> | undefined;
  readonly selection: Selection;
  /** the tags of state alone: `ignoreChanges: ["digests"]` */
  readonly isFrozen: boolean;
  readonly policyDigest: string;
}

const nothing: Selection = { chosen: new Map(), dropped: {} };

/** Lists what nobody in this process has listed yet, and chooses. */
export async function frameOf(turn: Turn): Promise<Frame> {
  const { world, call, desired, intent, state } = turn;
  const looked = world.memory.listings.get(listingKey(intent));
  // a list of one's own is not what the last rules listed
  const isListed = intent.given.tags.mode !== "list";
  const [source, listed] = await Promise.all([
    (isListed ? looked?.source : undefined) ?? askSource(turn),
    looked?.destination ?? listDestination(world, intent, call.reach),
  ]);
  const isFrozen =
    state !== undefined && desired.ignoreChanges.includes("digests");
  const selection =
    source === undefined || isFrozen
      ? nothing
      : selectionOf(intent, { source, destination: listed });
  return {
    looked,
    source,
    destination: listed && (await provenThere(turn, listed, looked)),
    selection,
    isFrozen,
    policyDigest: policyDigest(policyOf(world, intent.policy)),
  };
}

/** The destination's tags, with those of state that only its list lacks: Read has asked for each already. */
async function provenThere(
  { world, call, intent, remembered }: Turn,
  listed: readonly string[],
  looked: Listing | undefined,
): Promise<ReadonlySet<string>> {
  const there = new Set(listed);
  const lacking = [...remembered.digests.keys()].filter(
    (tag) => !there.has(tag),
  );
  const { destination } = intent;
  const found =
    looked?.destination || lacking.length === 0
      ? undefined
      : await askDestination(world, call, { destination, tags: lacking });
  for (const tag of lacking) {
    const isGone = found?.has(tag) && found.get(tag) === undefined;
    if (!isGone) there.add(tag);
  }
  return there;
}

/** A source that does not answer leaves what is mirrored as it is, unless that is to be an error. */
async function askSource({
  world,
  call,
  intent,
  remembered,
}: Turn): Promise<readonly string[] | undefined> {
  const { given, source } = intent;
  try {
    return await listSource(world, intent, call.reach);
  } catch (error) {
    const isSilent =
      error instanceof MirrorError && error.fault === "unreachable";
    const isTolerated = isSilent && given.onSourceUnavailable !== "error";
    if (!isTolerated || remembered.digests.size === 0) throw error;
    noteSilence(world, call, { source, error });
    return undefined;
  }
}

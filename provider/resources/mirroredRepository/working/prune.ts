import { mapBounded } from "../../../mirror/bounded";
import { MirrorError } from "../../../mirror/errors";
import { textOf } from "../../../mirror/textOf";
import { listSource } from "../looking/list";
import type { Outcome } from "./outcome";
import { defaultMaxPrune, prunable } from "../choosing/prunable";
import { selectionOf } from "../choosing/selection";
import type { Frame } from "./frame";
import { placeOf } from "./task";
import type { Turn } from "./turn";

const asksAtOnce = 8;
const maxNamed = 20;

/** What became of the tags that are no longer chosen. */
export interface Pruned {
  /** removed, or to be removed: tag → digest */
  readonly gone: ReadonlyMap<string, string>;
  /** not ours any more, and so left where they are: tag → why */
  readonly left: ReadonlyMap<string, string>;
  /** tag → why it could not be removed */
  readonly failed: ReadonlyMap<string, MirrorError>;
  /** why nothing was removed at all */
  readonly obstacle?: MirrorError;
  /** the same where it is nobody's fault */
  readonly postponed?: string;
}

const nothing: Pruned = {
  gone: new Map(),
  left: new Map(),
  failed: new Map(),
};

/** Removes the tags that the rules no longer choose, or says in preview which those are. */
export async function prune(
  turn: Turn,
  frame: Frame,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<Pruned> {
  const { maxPrune = defaultMaxPrune } = turn.intent.given;
  const going = goingOf(turn, frame, outcomes);
  if (going.size === 0) return nothing;
  if (going.size > maxPrune)
    return { ...nothing, obstacle: tooMany(turn, [...going.keys()], maxPrune) };
  if (!turn.write) return planned(turn, going);
  try {
    const again = await listSource(turn.world, turn.intent, turn.call.reach);
    const second = { ...frame, ...chosenOf(turn, frame, again) };
    const still = goingOf(turn, second, outcomes);
    const agreed = [...going].filter(([tag]) => still.has(tag));
    return await removeAll(turn, new Map(agreed));
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    const postponed = `nothing was pruned, because the source could not be listed a second time: ${textOf(error)}`;
    return { ...nothing, postponed };
  }
}

/** What Read has seen of somebody else's is spared in preview already. */
function planned(
  { remembered }: Turn,
  going: ReadonlyMap<string, string>,
): Pruned {
  const left = [...going].flatMap(([tag, admitted]): [string, string][] => {
    const there = remembered.digests.get(tag);
    return there === undefined || there === admitted
      ? []
      : [[tag, foreign(there)]];
  });
  const spared = new Map(left);
  const gone = [...going].filter(([tag]) => !spared.has(tag));
  return { ...nothing, gone: new Map(gone), left: spared };
}

const foreign = (digest: string) =>
  `it names ${digest}, which was not put there by us`;

function chosenOf(
  { intent }: Turn,
  frame: Frame,
  source: readonly string[],
): Pick<Frame, "source" | "selection"> {
  const { destination } = frame;
  const listed = { source, destination: destination && [...destination] };
  return { source, selection: selectionOf(intent, listed) };
}

/** Tag → the digest that we let in, which alone may be removed; empty where we let nothing in. */
function goingOf(
  { intent, remembered }: Turn,
  frame: Frame,
  outcomes: ReadonlyMap<string, Outcome>,
): ReadonlyMap<string, string> {
  if (frame.isFrozen) return new Map();
  const { digests = {} } = intent.given;
  const { destination } = frame;
  const mirrored = [...remembered.digests.keys()].filter(
    (tag) => destination?.has(tag) ?? true,
  );
  const tags = prunable(intent.given, {
    mirrored,
    source: frame.source,
    chosen: frame.selection.chosen,
    isPinned: (tag) => Object.hasOwn(digests, tag),
    isComing: (tag) => isIn(outcomes.get(tag)),
  });
  const { verdicts } = remembered;
  return new Map(tags.map((tag) => [tag, verdicts.get(tag)?.digest ?? ""]));
}

const isIn = (outcome: Outcome | undefined) =>
  outcome?.kind === "settled" || outcome?.kind === "admitted";

async function removeAll(
  turn: Turn,
  going: ReadonlyMap<string, string>,
): Promise<Pruned> {
  const gone = new Map<string, string>();
  const left = new Map<string, string>();
  const failed = new Map<string, MirrorError>();
  await mapBounded([...going], asksAtOnce, async ([tag, digest]) => {
    try {
      const why = await remove(turn, tag, digest);
      if (why === undefined) gone.set(tag, digest);
      else left.set(tag, why);
    } catch (error) {
      if (!(error instanceof MirrorError)) throw error;
      failed.set(tag, error);
    }
  });
  return { gone, left, failed };
}

/** Removes a tag that still names what we put there. Answers why it was left, where it was. */
async function remove(
  turn: Turn,
  tag: string,
  digest: string,
): Promise<string | undefined> {
  const { world, intent, call } = turn;
  if (world.memory.isClaimed(placeOf(turn, tag)))
    return "another resource of this run fills it";
  const destination = world.stores.openForWriting(intent.destination);
  const now = await destination.resolve(tag, call.reach);
  if (!now) return undefined;
  if (now.digest !== digest) return foreign(now.digest);
  await destination.untag(tag, call.reach);
  return undefined;
}

function tooMany(
  { intent }: Turn,
  going: readonly string[],
  maxPrune: number,
): MirrorError {
  const count = going.length;
  return new MirrorError({
    fault: "invalid",
    code: "LIMIT_EXCEEDED",
    what: "nothing was pruned",
    why: `${count} mirrored tags are no longer chosen, and at most ${maxPrune} may go at a time: ${going.slice(0, maxNamed).join(", ")}${count > maxNamed ? ", …" : ""}`,
    remedy: `look at the rules${intent.given.maxPrune === undefined ? "" : " again"}; if all of them are to go, raise maxPrune to ${count}`,
  });
}

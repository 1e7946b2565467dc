import { repositoryOf } from "../../../oci/reference";
import { mapBounded } from "../../../mirror/bounded";
import type { Call } from "../../../mirror/lifecycle";
import type { Source } from "../../../mirror/ports";
import { within } from "../../../mirror/reach";
import { textOf } from "../../../mirror/textOf";
import type { World } from "../../world";
import { writtenAs, type Intent } from "../intent";
import { listDestination, listSource } from "./list";
import { noteSilence, silenceOf } from "./silence";
import { whileAnswered } from "./whileAnswered";

/** A look at a source is no more than a look: a vendor's bad day must not hold up every preview. */
const lookMs = 10_000;
const asksAtOnce = 16;

/** What both sides list; absent where it could not be asked. */
export interface Sides {
  readonly source?: readonly string[] | undefined;
  readonly destination?: readonly string[] | undefined;
}

/** Lists both sides at once. What could not be asked is warned of, and no failure. */
export async function lookAtBoth(
  world: World,
  call: Call,
  intent: Pick<Intent, "given" | "source" | "destination">,
): Promise<Sides> {
  const [source, destination] = await Promise.all([
    lookAtSource(world, call, intent),
    lookAtDestination(world, call, intent),
  ]);
  return { source, destination };
}

async function lookAtSource(
  world: World,
  call: Call,
  intent: Pick<Intent, "given" | "source">,
): Promise<readonly string[] | undefined> {
  const { source } = intent;
  if (silenceOf(world, source) !== undefined) return undefined;
  try {
    return await listSource(world, intent, whileAnswered(call.reach, lookMs));
  } catch (error) {
    noteSilence(world, call, { source, error });
    return undefined;
  }
}

async function lookAtDestination(
  world: World,
  call: Call,
  intent: Pick<Intent, "given" | "destination">,
): Promise<readonly string[] | undefined> {
  try {
    return await listDestination(world, intent, call.reach);
  } catch (error) {
    warnOfDestination(call, intent, error);
    return undefined;
  }
}

/** What tags of the source name now, for Check and for what follows; those that could not be asked, or are not there, are left out. */
export async function askSource(
  world: World,
  call: Call,
  asked: Pick<Intent, "source"> & { readonly tags: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const { source, tags } = asked;
  const place = world.stores.open(source, "source");
  const digests = new Map<string, string>();
  await mapBounded(tags, asksAtOnce, async (tag) => {
    if (silenceOf(world, source) !== undefined) return;
    try {
      const reach = within(call.reach, lookMs);
      const found = await place.resolve(tag, reach);
      if (!found) return;
      world.memory.sources.set(writtenAs(source, tag), found);
      digests.set(tag, found.digest);
    } catch (error) {
      noteSilence(world, call, { source, error });
    }
  });
  return digests;
}

/** What tags of the destination name now: a digest, `undefined` where they are proven gone; those that could not be asked are left out. */
export async function askDestination(
  world: World,
  call: Call,
  asked: Pick<Intent, "destination"> & { readonly tags: readonly string[] },
): Promise<ReadonlyMap<string, string | undefined>> {
  const { destination, tags } = asked;
  const place = world.stores.open(destination, "destination");
  const digests = new Map<string, string | undefined>();
  try {
    await mapBounded(tags, asksAtOnce, async (tag) => {
      digests.set(tag, await digestAt(place, tag, call));
    });
  } catch (error) {
    warnOfDestination(call, asked, error);
  }
  return digests;
}

/** A place that has said that there is no such repository is not asked for each of its tags. */
async function digestAt(
  place: Source,
  tag: string,
  call: Call,
): Promise<string | undefined> {
  if (place.isMissing) return undefined;
  return (await place.resolve(tag, call.reach))?.digest;
}

function warnOfDestination(
  call: Call,
  { destination }: Pick<Intent, "destination">,
  error: unknown,
): void {
  call.reach.signal.throwIfAborted();
  call.tell({
    kind: "warning",
    text: `destination ${repositoryOf(destination)} could not be asked; state is kept: ${textOf(error)}`,
  });
}

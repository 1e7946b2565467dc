import { mapBounded } from "../../mirror/bounded";
import { MirrorError } from "../../mirror/errors";
import type { Reach } from "../../mirror/ports";
import type { Reference } from "../../oci/reference";
import {
  listDestination,
  listSource,
} from "../../resources/mirroredRepository/looking/list";
import type { World } from "../../resources/world";
import type { TagsInput } from "../../selectors/tagsInput";

/** What is listed, and for which rules. */
export interface Sides {
  readonly tags: TagsInput;
  readonly source: Reference;
  readonly destination?: Reference | undefined;
}

/** Tags as each side has them; a destination that was not named, or has no list, is absent. */
export interface BothListed {
  readonly source: readonly string[];
  readonly destination?: readonly string[] | undefined;
}

const asksAtOnce = 8;

/** Lists both sides. The destination is only read. */
export async function listBoth(
  world: World,
  sides: Sides,
  reach: Reach,
): Promise<BothListed> {
  const { tags, destination } = sides;
  const [source, there] = await Promise.all([
    tagsAtSource(world, sides, reach),
    destination === undefined
      ? undefined
      : listDestination(world, { given: { tags }, destination }, reach),
  ]);
  return { source, destination: there };
}

/** The source's list; mode `list` asks for its tags one by one where the registry has no list. */
async function tagsAtSource(
  world: World,
  { tags, source }: Sides,
  reach: Reach,
): Promise<readonly string[]> {
  try {
    return await listSource(
      world,
      { given: { tags: { mode: "all" } }, source },
      reach,
    );
  } catch (error) {
    const { list = [] } = tags;
    if (!isListless(error) || list.length === 0) throw error;
    const place = world.stores.open(source, "source");
    const found = await mapBounded(list, asksAtOnce, async (tag) =>
      (await place.resolve(tag, reach)) ? [tag] : [],
    );
    return found.flat();
  }
}

function isListless(error: unknown): boolean {
  return error instanceof MirrorError && error.code === "UNSUPPORTED";
}

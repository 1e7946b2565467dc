import type { Descriptor } from "../../oci/descriptor";
import {
  formatReference,
  parseReference,
  type Reference,
} from "../../oci/reference";
import { mapBounded } from "../../mirror/bounded";
import { holds } from "../../mirror/holds";
import type { Call, Values } from "../../mirror/lifecycle";
import type { Destination, Reach } from "../../mirror/ports";
import type { World } from "../world";
import type { Outputs } from "./outputs";
import { readState } from "./state";

const asksAtOnce = 8;
/** a list of referrers, not content: deleting a referrer takes it out of there */
const fallbackTag = /^sha(256|512)-[0-9a-f]+$/;

/** Keeps the copy unless told otherwise, and never touches a tag that no longer names the digest we admitted. */
export async function remove(
  world: World,
  call: Call,
  gone: { readonly state: Values; readonly oldInputs?: Values },
): Promise<void> {
  const state = readState(gone.state);
  const wish = gone.oldInputs?.onDelete ?? state.onDelete;
  const isWished = wish === "untag" || wish === "delete";
  const done = isWished
    ? await act(world, { state, wish }, call.reach)
    : `kept (onDelete: "keep")`;
  call.tell({ kind: "info", text: `${state.destination}: ${done}` });
}

/** Does what is wished, as far as it takes nothing else along, and says what was done. */
async function act(
  world: World,
  {
    state,
    wish,
  }: { readonly state: Outputs; readonly wish: "untag" | "delete" },
  reach: Reach,
): Promise<string> {
  const reference = parseReference(state.destination);
  if (world.memory.isClaimed(formatReference(reference)))
    return "kept: another resource of this run mirrors it";
  const destination = world.stores.openForWriting(reference);
  const { tag = "" } = reference;
  const now = await destination.resolve(tag, reach);
  if (!now) return "already gone";
  if (now.digest !== state.verification?.digest) {
    return `kept: the tag names ${now.digest}, which was not put there by us`;
  }
  const at = { destination, reference, now };
  const obstacle =
    wish === "delete" ? await whyNotDelete(world, at, reach) : "";
  if (wish === "delete" && obstacle === undefined) {
    await destination.remove(now, reach);
    return `${now.digest} deleted`;
  }
  await destination.untag(tag, reach);
  return wish === "delete"
    ? `only the tag was removed: ${obstacle}`
    : "tag removed, content kept";
}

/** Deleting a digest removes every tag on it, and breaks every index that has it as a child: why that would take more than was asked. */
async function whyNotDelete(
  world: World,
  at: {
    readonly destination: Destination;
    readonly reference: Reference;
    readonly now: Descriptor;
  },
  reach: Reach,
): Promise<string | undefined> {
  const { destination, reference, now } = at;
  if (world.memory.written.has(`${destination.repository}@${now.digest}`)) {
    return "this run also put that digest there anew";
  }
  const tags = await destination.tags(reach);
  if (!tags.includes(reference.tag ?? ""))
    return "the registry's list of tags lacks this one, so others may be missing from it, too";
  const others = tags.filter(
    (tag) => tag !== reference.tag && !fallbackTag.test(tag),
  );
  const named = await mapBounded(others, asksAtOnce, async (tag) => {
    const found = await destination.resolve(tag, reach);
    if (!found) return undefined;
    if (found.digest === now.digest) return `${tag} names the same digest`;
    const wanted = { digest: now.digest, in: found };
    const isBelow = await holds(destination, wanted, reach);
    return isBelow ? `${tag} names an index that has it` : undefined;
  });
  const also = named.filter((tag) => tag !== undefined);
  return also.length === 0 ? undefined : also.join(", ");
}

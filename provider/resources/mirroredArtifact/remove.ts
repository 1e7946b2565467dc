import { parseReference, type Reference } from "../../oci/reference";
import type { Call, Values } from "../../mirror/lifecycle";
import { mapBounded } from "../../mirror/bounded";
import type { Destination, Reach } from "../../mirror/ports";
import type { World } from "../world";
import { memory } from "./memory";
import { readState } from "./state";

const asksAtOnce = 8;

/** Keeps the copy unless told otherwise, and never touches a tag that no longer names what we put there. */
export async function remove(
  world: World,
  call: Call,
  gone: { readonly state: Values; readonly oldInputs?: Values },
): Promise<void> {
  const state = readState(gone.state);
  const wish = gone.oldInputs?.onDelete ?? state.onDelete;
  const reference = parseReference(state.destination);
  const say = (text: string) =>
    call.tell({ kind: "info", text: `${state.destination}: ${text}` });
  if (wish !== "untag" && wish !== "delete")
    return say(`kept (onDelete: "keep")`);
  const destination = world.stores.openForWriting(reference);
  const { tag = "" } = reference;
  const now = await destination.resolve(tag, call.reach);
  if (!now) return say("already gone");
  if (now.digest !== state.digest)
    return say(`kept: somebody moved the tag to ${now.digest}`);
  const obstacle =
    wish === "delete"
      ? await whyNotDelete(
          world,
          { destination, reference, digest: now.digest },
          call.reach,
        )
      : undefined;
  if (wish === "untag" || obstacle !== undefined) {
    await destination.untag(tag, call.reach);
    return say(
      obstacle === undefined
        ? "tag removed, content kept"
        : `only the tag was removed: ${obstacle}`,
    );
  }
  await destination.remove(now, call.reach);
  return say(`${now.digest} deleted`);
}

/** Deleting a digest removes every tag on it: why that would take more than was asked. */
async function whyNotDelete(
  world: World,
  {
    destination,
    reference,
    digest,
  }: {
    readonly destination: Destination;
    readonly reference: Reference;
    readonly digest: string;
  },
  reach: Reach,
): Promise<string | undefined> {
  if (memory.hasWritten(world, destination.repository, digest))
    return "this run also put that digest there anew";
  const others = (await destination.tags(reach)).filter(
    (tag) => tag !== reference.tag,
  );
  const named = await mapBounded(others, asksAtOnce, async (tag) => {
    const found = await destination.resolve(tag, reach);
    return found?.digest === digest ? tag : undefined;
  });
  const also = named.filter((tag) => tag !== undefined);
  return also.length === 0
    ? undefined
    : `${also.join(", ")} names the same digest`;
}

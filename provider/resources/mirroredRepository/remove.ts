import { parseReference, repositoryOf } from "../../oci/reference";
import { eachBounded } from "../../mirror/bounded";
import type { Call, Values } from "../../mirror/lifecycle";
import type { Destination, Reach } from "../../mirror/ports";
import type { World } from "../world";
import type { Outputs } from "./outputs";
import { readState } from "./state";

const asksAtOnce = 8;

/** What became of a tag whose resource was removed. */
type Fate =
  "removed" | "already gone" | "another digest" | "another resource's";

/** Keeps the copies unless told otherwise, and never touches a tag that no longer names the digest we admitted. */
export async function remove(
  world: World,
  call: Call,
  gone: { readonly state: Values; readonly oldInputs?: Values },
): Promise<void> {
  const state = readState(gone.state);
  const wish = gone.oldInputs?.onDelete ?? state.onDelete;
  const done =
    wish === "untag"
      ? await untagAll(world, state, call.reach)
      : 'tags are kept (onDelete: "keep")';
  call.tell({ kind: "info", text: `${state.repository}: ${done}` });
}

/** Removes the tags that still name what was admitted, and says what became of all. */
async function untagAll(
  world: World,
  state: Outputs,
  reach: Reach,
): Promise<string> {
  const reference = parseReference(state.destination);
  const destination = world.stores.openForWriting(reference);
  const fates = new Map<Fate, number>();
  const limits = { limit: asksAtOnce, reach };
  const verdicts = new Map(Object.entries(state.verdicts));
  await eachBounded(Object.keys(state.digests), limits, async (tag, within) => {
    const place = `${repositoryOf(reference)}:${tag}`;
    const fate = world.memory.isClaimed(place)
      ? "another resource's"
      : await untag(destination, tag, {
          admitted: verdicts.get(tag)?.digest,
          reach: within,
        });
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
  });
  return fatesText(fates);
}

async function untag(
  destination: Destination,
  tag: string,
  at: { readonly admitted: string | undefined; readonly reach: Reach },
): Promise<Fate> {
  const now = await destination.resolve(tag, at.reach);
  if (!now) return "already gone";
  if (now.digest !== at.admitted) return "another digest";
  await destination.untag(tag, at.reach);
  return "removed";
}

const words: readonly (readonly [Fate, string])[] = [
  ["removed", "removed, content kept"],
  ["already gone", "already gone"],
  ["another digest", "kept: they name what was not put there by us"],
  ["another resource's", "kept: another resource of this run mirrors them"],
];

function fatesText(fates: ReadonlyMap<Fate, number>): string {
  const texts = words.flatMap(([fate, text]) => {
    const count = fates.get(fate);
    return count === undefined ? [] : [`${count} ${text}`];
  });
  return `tags: ${texts.join("; ") || "none"}`;
}

import type { Frame } from "./frame";
import { askSource } from "../looking/look";
import { sourceTags } from "../choosing/sourceTags";
import type { Turn } from "./turn";

/** `replaceTag` became `verified` after the look: what mirrored tags name at the source now is asked here, one HEAD each. */
export async function askUnasked(
  { world, call, intent }: Turn,
  { looked, source, selection, isFrozen }: Frame,
): Promise<void> {
  if (looked === undefined || source === undefined || isFrozen) return;
  if (looked.unasked.size === 0) return;
  const names = sourceTags(intent.given, source, selection.chosen);
  const tags = [...looked.unasked].flatMap((tag) => names.get(tag) ?? []);
  await askSource(world, call, { source: intent.source, tags });
}

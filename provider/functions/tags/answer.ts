import { MirrorError } from "../../mirror/errors";
import type { Selection } from "../../selectors/select";
import type { BothListed } from "./listBoth";

/** The most tags that one answer names: some megabytes. */
const maxTags = 50_000;

/** Every tag with what became of it, counts, and what a reader should know of the whole. */
export function answerOf(
  selection: Selection,
  { source, destination }: BothListed,
) {
  const { chosen, dropped, missing, counts } = selection;
  if (chosen.length > maxTags) throw tooMany(chosen.length);
  const there = destination && new Set(destination);
  const told = dropped.slice(0, maxTags - chosen.length);
  const tags = [
    ...chosen.map(({ tag, name }) => ({
      tag,
      chosen: true,
      name,
      ...(there && { present: there.has(name) }),
    })),
    ...told.map(({ tag, rule, reason }) => ({
      tag,
      chosen: false,
      rule,
      reason,
    })),
  ].sort((one, other) => (one.tag < other.tag ? -1 : 1));
  const omitted = dropped.length - told.length;
  return {
    tags,
    chosen: chosen.map(({ tag }) => tag),
    missing,
    listed: source.length,
    dropped: counts,
    ...(omitted > 0 && { omitted }),
    message: messageOf(selection, source.length),
  };
}

/** What to know: nothing there, nothing chosen, something not found. */
function messageOf(
  { chosen, missing, counts }: Selection,
  listed: number,
): string | undefined {
  if (missing.length > 0)
    return `the source does not have ${missing.length} of the tags of \`list\`: ${missing.slice(0, 10).join(", ")}${missing.length > 10 ? ", …" : ""}`;
  if (listed === 0) return "the repository is there, and has no tags";
  if (chosen.length > 0) return undefined;
  return `none of ${listed} tags is chosen: ${saidCounts(counts)}`;
}

/** `version dropped 10, pattern 2`: the rule that dropped most comes first. */
function saidCounts(counts: Selection["counts"]): string {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([rule, count]) => `rule \`${rule}\` dropped ${count}`)
    .join(", ");
}

function tooMany(count: number): MirrorError {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not tell the tags",
    why: `the rules choose ${count}, and an answer names at most ${maxTags}`,
    remedy: "choose fewer, by `pattern`, `range` or `newest`",
  });
}

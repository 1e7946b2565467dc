import type { Failure } from "../mirror/lifecycle";
import { isTag } from "../oci/reference";
import { isEvidenceTag, isFallbackTag } from "./rules/evidence";
import { isReserved } from "./rules/reserved";
import type { TagsInput } from "./tagsInput";

/** What is wrong with the tags that are named. */
export function listFailures(tags: TagsInput): readonly Failure[] {
  const { mode, list } = tags;
  if (mode !== "list")
    return list === undefined
      ? []
      : [
          {
            property: "list",
            reason: `is for \`mode: list\`, and this is \`mode: ${mode}\``,
          },
        ];
  if (list === undefined)
    return [
      { property: "list", reason: "is missing: `mode: list` takes its tags" },
    ];
  const seen = new Set<string>();
  return list.flatMap((tag, index) => {
    const isNew = seen.size < seen.add(tag).size;
    const reason = isNew
      ? problemOfTag(tag, tags.evidenceTags ?? false)
      : "is named twice";
    return reason === undefined ? [] : [{ property: `list[${index}]`, reason }];
  });
}

function problemOfTag(tag: string, evidenceTags: boolean): string | undefined {
  if (!isTag(tag))
    return "is not a tag: 1 to 128 letters, digits, dots, hyphens and underscores, and neither dot nor hyphen comes first";
  if (isReserved(tag)) return "cannot be kept in Pulumi's state";
  if (isFallbackTag(tag))
    return "names a list of referrers, which is no artifact: evidence comes along with what it is about";
  return !evidenceTags && isEvidenceTag(tag)
    ? "holds evidence, which comes along with what it is about: leave it out, or set `evidenceTags: true`"
    : undefined;
}

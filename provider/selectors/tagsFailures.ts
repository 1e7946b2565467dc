import { hasUnknown, type Failure, type Value } from "../mirror/lifecycle";
import { knowsVersions } from "./choose";
import { listFailures } from "./listFailures";
import { rangeFailures } from "./rangeFailures";
import { isBeyondMajors } from "./rules/calendar";
import { tagsInput, type TagsInput } from "./tagsInput";
import { isPrerelease } from "./version";
import { patternProblem } from "./wholeMatch";

/** Words that say something about versions: where one of them stands, versions are meant. */
export const aboutVersions = [
  "range",
  "compatibility",
  "prereleases",
  "pinnedMajor",
  "newest",
  "calendar",
  "ties",
] as const;

/** What is wrong with rules for tags, beyond their shape: what contradicts itself, or would do nothing. What is not known yet is left for later. */
export function tagsFailures(value: Value, at = "tags"): readonly Failure[] {
  if (hasUnknown(value)) return [];
  const { data: tags } = tagsInput.loose().safeParse(value);
  if (!tags) return [];
  return [
    ...idle(tags),
    ...patternFailures(tags),
    ...listFailures(tags),
    ...suffixFailures(tags),
    ...rangeFailures(tags),
  ].map(({ property, reason }) => ({ property: `${at}.${property}`, reason }));
}

/** Words that do nothing in this mode: replicant passes over them, we say so. */
function idle(tags: TagsInput): readonly Failure[] {
  const { mode, newest, evidenceTags, whenEmpty } = tags;
  const written = aboutVersions.filter((word) => tags[word] !== undefined);
  const failures: Failure[] = knowsVersions(mode)
    ? []
    : written.map((property) => ({
        property,
        reason: `does nothing with \`mode: ${mode}\`, which takes names and not versions: leave it out, or use \`mode: semver\``,
      }));
  if (mode === "highest" && newest !== undefined)
    failures.push({
      property: "newest",
      reason:
        "does nothing with `mode: highest`, which takes one: use `mode: semver`",
    });
  if (mode !== "higher" && whenEmpty !== undefined)
    failures.push({
      property: "whenEmpty",
      reason: "is for `mode: higher` only: leave it out",
    });
  if (knowsVersions(mode) && evidenceTags !== undefined)
    failures.push({
      property: "evidenceTags",
      reason: `does nothing with \`mode: ${mode}\`, because no such tag is a version: leave it out`,
    });
  return failures;
}

function patternFailures({
  pattern,
  exclude = [],
}: TagsInput): readonly Failure[] {
  const written = [
    ...(pattern === undefined ? [] : [{ property: "pattern", text: pattern }]),
    ...exclude.map((text, index) => ({ property: `exclude[${index}]`, text })),
  ];
  return written.flatMap(({ property, text }) => {
    const reason = patternProblem(text);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

function suffixFailures(tags: TagsInput): readonly Failure[] {
  const { compatibility, prereleases, pinnedMajor, calendar } = tags;
  const failures: Failure[] = [];
  if (compatibility !== undefined && !isPrerelease(compatibility))
    failures.push({
      property: "compatibility",
      reason:
        "no version can have it as its pre-release, which is what follows the hyphen: `alpine`, `rc.1`",
    });
  if (compatibility !== undefined && prereleases === true)
    failures.push({
      property: "prereleases",
      reason:
        "takes every pre-release, and `compatibility` exactly one: leave one of the two out",
    });
  if (calendar !== true && isBeyondMajors(String(pinnedMajor ?? 0)))
    failures.push({
      property: "pinnedMajor",
      reason:
        "is above 1024, which is taken for a date or a build number: set `calendar: true`, too",
    });
  return failures;
}

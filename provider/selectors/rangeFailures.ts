import Range from "semver/classes/range";
import intersects from "semver/ranges/intersects";
import type { Failure } from "../mirror/lifecycle";
import { textOf } from "../mirror/textOf";
import type { TagsInput } from "./tagsInput";

/** What is wrong with a range. */
export function rangeFailures(tags: TagsInput): readonly Failure[] {
  const { range: written } = tags;
  if (written === undefined) return [];
  const reason = problemOfRange(written, tags);
  return reason === undefined ? [] : [{ property: "range", reason }];
}

function problemOfRange(
  written: string,
  { compatibility, prereleases = false, pinnedMajor }: TagsInput,
): string | undefined {
  const range = readRange(written, prereleases);
  if (typeof range === "string") return range;
  const options = { includePrerelease: prereleases };
  if (!intersects(range, "*", options)) return "holds no version at all";
  if (namesPrerelease(written) && compatibility !== undefined)
    return "names a pre-release, and with `compatibility` the version without its suffix is looked at: leave the pre-release out";
  if (namesPrerelease(written) && !prereleases)
    return "names a pre-release, and none is taken: set `prereleases: true`, or leave it out";
  return pinnedMajor !== undefined &&
    !intersects(range, `${pinnedMajor}.x`, options)
    ? `holds no version of the major version ${pinnedMajor} that \`pinnedMajor\` asks for`
    : undefined;
}

function readRange(
  written: string,
  includePrerelease: boolean,
): Range | string {
  try {
    return new Range(written, { includePrerelease });
  } catch (error) {
    return `is no range of versions as npm reads them (\`>=1.4 <2 || 3.x\`): ${textOf(error)}`;
  }
}

function namesPrerelease(range: string): boolean {
  return /[0-9xX*]-[0-9A-Za-z]/.test(range);
}

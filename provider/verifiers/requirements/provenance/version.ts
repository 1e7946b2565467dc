import semver from "semver";

const version =
  /^v?(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8}))?(?:\.(0|[1-9]\d{0,8}))?((?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;

/** Why a range cannot be used, or undefined when it can. */
export function problemOfRange(range: string): string | undefined {
  if (semver.validRange(range) === null)
    return "is not a semver range; write one like `^1.4.0`";
  return semver.satisfies("0.0.0", range) &&
    semver.satisfies("999999.0.0", range)
    ? "is met by every version: leave it out, or name a range"
    : undefined;
}

/** Whether the tag of a ref is a version in a range: `refs/tags/v1.4` is 1.4.0. What is no tag, or no version, is not. */
export function isRefInRange(ref: string, range: string): boolean {
  const tag = /^refs\/tags\/(.+)$/s.exec(ref)?.[1] ?? "";
  const [match, major, minor = "0", patch = "0", more = ""] =
    version.exec(tag) ?? [];
  if (match === undefined) return false;
  return semver.satisfies(`${major}.${minor}.${patch}${more}`, range);
}

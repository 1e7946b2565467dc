import { compare, parse } from "semver";

/** The tag that tells best what a repository holds: its highest version, else `latest`, else the last by name. Evidence tells nothing. */
export function newestTag(tags: readonly string[]): string | undefined {
  const content = tags.filter((tag) => !/^sha(?:256|512)-/.test(tag));
  const versions = content.flatMap((tag) => {
    const version = parse(tag);
    return version && version.prerelease.length === 0 ? [{ tag, version }] : [];
  });
  const highest = versions.toSorted((one, other) =>
    compare(other.version, one.version),
  )[0];
  if (highest) return highest.tag;
  return content.includes("latest") ? "latest" : content.at(-1);
}

import { LeftOut } from "../reading/log";

/** A range for us, and whether pre-releases are in it. */
export interface Range {
  readonly range: string;
  readonly prereleases: boolean;
}

/** regsync's ranges, any of which may hold: every comparison is by number, pre-releases included, and a bare version is that version. */
export function regsyncRange(ranges: readonly string[]): Range {
  const any = ranges.filter((text) => text.trim() !== "").map(expanded);
  return { range: any.join(" || "), prereleases: true };
}

function expanded(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .map((part) => comparison(part, text))
    .join(" ");
}

function comparison(part: string, whole: string): string {
  const [, operator, version = ""] =
    /^(>=|<=|>|<|=|\^|~)?v?(.*)$/.exec(part) ?? [];
  const numbers = numbersOf(version);
  if (numbers === undefined)
    throw new LeftOut(
      `the range ${whole} compares more than three numbers, or something else`,
    );
  const [major, minor, patch] = numbers;
  const from = numbers.join(".") + suffixOf(version);
  if (operator === "~") return `>=${from} <${major}.${minor + 1}.0`;
  if (operator !== "^") return `${operator ?? "="}${from}`;
  if (major > 0) return `>=${from} <${major + 1}.0.0`;
  return minor > 0
    ? `>=${from} <0.${minor + 1}.0`
    : `>=${from} <0.0.${patch + 1}`;
}

/** Pre-release and build metadata. */
function suffixOf(version: string): string {
  return /[-+].*$/.exec(version)?.[0] ?? "";
}

/** The numbers of a version, filled up to three. */
function numbersOf(
  version: string,
): readonly [number, number, number] | undefined {
  const [, ...parts] =
    /^([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:[-+].*)?$/.exec(version) ?? [];
  if (parts.length === 0) return undefined;
  const [major = 0, minor = 0, patch = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  return [major, minor, patch];
}

/** A constraint of Masterminds/semver, as npm's semver writes it. */
export function goRange(text: string): Range {
  if (text.includes("!="))
    throw new LeftOut(
      `the range ${text} excludes versions by !=: exclude them by a pattern`,
    );
  const groups = text.split("||").map((group) =>
    group
      .replaceAll(/[\s,]+/g, " ")
      .replaceAll("=>", ">=")
      .replaceAll("=<", "<=")
      .replaceAll(/([<>=^~])\s+/g, "$1")
      .trim(),
  );
  // a pre-release counts only where every comparison of its group names one
  const taking = groups.map((group) =>
    group
      .split(/\s+/)
      .filter((part) => part !== "-")
      .every((part) => /[0-9xX*]-[0-9A-Za-z]/.test(part)),
  );
  if (new Set(taking).size > 1)
    throw new LeftOut(`the range ${text} takes pre-releases in one part only`);
  return { range: groups.join(" || "), prereleases: taking[0] === true };
}

/** Go's `168h`, `1h30m` or `90s` as our `168h` or `90m`, rounded up to minutes; absent for none. */
export function durationOf(text: string): string | undefined {
  const units = { h: 3600, m: 60, s: 1 } as const;
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text)
    return undefined;
  const seconds = parts.reduce((sum, [, amount, unit]) => {
    const size = unit === "h" ? units.h : unit === "m" ? units.m : units.s;
    return sum + Number(amount) * size;
  }, 0);
  const minutes = Math.ceil(seconds / 60);
  if (minutes === 0) return undefined;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

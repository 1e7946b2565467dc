/** A tag read as a version, as Masterminds/semver v3.1.1 reads it (field.md part 3). */
export interface Version {
  readonly tag: string;
  /** major, minor, patch: digits without leading zeros; missing ones are `0` */
  readonly core: readonly [string, string, string];
  /** how many of the three are written */
  readonly parts: number;
  /** what follows the hyphen, or `""` */
  readonly prerelease: string;
}

const dots = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const grammar = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${dots}))?(?:\\+${dots})?$`,
);
const prereleaseGrammar = new RegExp(`^${dots}$`);
const digits = /^[0-9]+$/;
const highestNumber = String(2n ** 64n - 1n);

/** The tag as a version, or undefined where it is none: four parts, an upper-case `V`, a number beyond 64 bits, `1.2.3-01`. */
export function readVersion(tag: string): Version | undefined {
  const [isRead, major = "", minor, patch, prerelease = ""] =
    grammar.exec(tag) ?? [];
  if (isRead === undefined) return undefined;
  const core = [
    plainNumber(major),
    plainNumber(minor ?? "0"),
    plainNumber(patch ?? "0"),
  ] as const;
  if (core.some((number) => compareNumbers(number, highestNumber) > 0))
    return undefined;
  if (prerelease !== "" && !isPrerelease(prerelease)) return undefined;
  const parts = 1 + Number(minor !== undefined) + Number(patch !== undefined);
  return { tag, core, parts, prerelease };
}

/** Whether a text can follow the hyphen of a version. */
export function isPrerelease(text: string): boolean {
  return prereleaseGrammar.test(text) && !text.split(".").some(hasLeadingZero);
}

/** The version as semver.org writes it. */
export function canonical({ core, prerelease }: Version): string {
  return prerelease === "" ? core.join(".") : `${core.join(".")}-${prerelease}`;
}

/** Semver precedence; build metadata is ignored. */
export function compareVersions(one: Version, other: Version): number {
  return (
    compareNumbers(one.core[0], other.core[0]) ||
    compareNumbers(one.core[1], other.core[1]) ||
    compareNumbers(one.core[2], other.core[2]) ||
    comparePrereleases(one.prerelease, other.prerelease)
  );
}

/** Of tags of one version, the one that is written out most is the highest: `1.2` < `v1.2.0` < `1.2.0`. */
export function compareSpecificity(one: Version, other: Version): number {
  return (
    one.parts - other.parts ||
    Number(other.tag.startsWith("v")) - Number(one.tag.startsWith("v")) ||
    other.tag.length - one.tag.length ||
    compareTexts(other.tag, one.tag)
  );
}

/** Digits without leading zeros, of any length, as numbers: never rounded. */
export function compareNumbers(one: string, other: string): number {
  return one.length - other.length || compareTexts(one, other);
}

function plainNumber(number: string): string {
  return number.replace(/^0+(?=[0-9])/, "");
}

function hasLeadingZero(part: string): boolean {
  return part.length > 1 && part.startsWith("0") && digits.test(part);
}

function comparePrereleases(one: string, other: string): number {
  if (one === other) return 0;
  if (one === "") return 1;
  if (other === "") return -1;
  const [left, right] = [one.split("."), other.split(".")];
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareParts(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers come before words. */
function compareParts(one: string, other: string): number {
  const [isNumber, otherIsNumber] = [digits.test(one), digits.test(other)];
  if (isNumber && otherIsNumber) return compareNumbers(one, other);
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
  return compareTexts(one, other);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

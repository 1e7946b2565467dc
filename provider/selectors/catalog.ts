import type { CutRule, Filter } from "./rule";
import { calendar } from "./rules/calendar";
import { compatibility } from "./rules/compatibility";
import { evidence } from "./rules/evidence";
import { exclude } from "./rules/exclude";
import { higher } from "./rules/higher";
import { highest } from "./rules/highest";
import { list } from "./rules/list";
import { newest } from "./rules/newest";
import { pattern } from "./rules/pattern";
import { pinnedMajor } from "./rules/pinnedMajor";
import { prereleases } from "./rules/prereleases";
import { range } from "./rules/range";
import { reserved } from "./rules/reserved";
import type { Version } from "./version";

/** Rules about a tag's name, in the order in which they are asked: the first that drops a tag is the one that is told. */
export const tagRules: readonly Filter<string>[] = [
  reserved,
  evidence,
  list,
  pattern,
  exclude,
];

/** Rules about a version, of the modes that know versions. */
export const versionRules: readonly Filter<Version>[] = [
  calendar,
  compatibility,
  prereleases,
  pinnedMajor,
  range,
];

/** Rules about all versions together. */
export const cutRules: readonly CutRule[] = [highest, higher, newest];

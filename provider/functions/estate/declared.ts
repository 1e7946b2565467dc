import type { Failure, Values } from "../../mirror/lifecycle";
import { propertySteps } from "../../verifiers/propertyPath";
import type { Target } from "./destinations";
import { settingOf, type Entry } from "./entries";
import type { Problem } from "./problem";

/** One resource that an entry declares. */
export interface Declared {
  readonly kind: Entry["kind"];
  /** of the entry, which decides the shard */
  readonly entry: string;
  /** of the resource */
  readonly name: string;
  /** what it was called before its entry got, or lost, other destinations */
  readonly formerName: string | undefined;
  readonly args: Values;
  readonly destination: string;
  /** where its name, and where its destination, is written */
  readonly path: readonly PropertyKey[];
  readonly destinationPath: readonly PropertyKey[];
}

/** What an entry declares, and what is wrong with it. */
export interface Declaration {
  readonly declared: readonly Declared[];
  readonly problems: readonly Problem[];
}

/** What an entry, its group and the defaults say of these words. */
export function settingsOf(entry: Entry, words: readonly string[]): Values {
  const all = words.map((word) => [word, settingOf(entry, word)?.value]);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

/** What is wrong with a resource's inputs, where the file says what failed: at the entry, in its group or in the defaults. */
export function problemAt(
  entry: Entry,
  { property, reason }: Failure,
  destinationPath: readonly PropertyKey[],
): Problem {
  const [word = "", ...below] = propertySteps(property);
  const [{ path: own }] = entry.scopes;
  const path =
    word === "destination"
      ? destinationPath
      : [...(settingOf(entry, word)?.path ?? own), ...below];
  const isOwn = own.every((step, at) => step === path[at]);
  return isOwn
    ? { path, reason }
    : { path, reason, entry: entry.name, other: own };
}

/** The resource's name: its entry's, with the tag that it adds, and the destination that it is one of. */
export function namesOf(
  entry: string,
  how: {
    readonly tag?: string | undefined;
    readonly target: Pick<Target, "label" | "formerLabel">;
    readonly isFirst: boolean;
  },
): Pick<Declared, "name" | "formerName"> {
  const { tag, target, isFirst } = how;
  const tagged = tag === undefined ? entry : `${entry}:${tag}`;
  if (target.label === undefined) {
    return { name: tagged, formerName: `${tagged}@${target.formerLabel}` };
  }
  const formerName = isFirst ? tagged : undefined;
  return { name: `${tagged}@${target.label}`, formerName };
}

import { inBytes, oneOf, type Dice, type Mutation } from "./fuzzing";
import { inDer } from "./treeMutations";

/** A JSON value whose objects may say a thing twice. */
type Tree = string | number | boolean | null | Tree[] | Members;

interface Members {
  members: [name: string, value: Tree][];
}

/** One place in a document: what holds it, and how to put something else there. */
interface Site {
  readonly value: Tree;
  readonly set: (value: Tree) => void;
  readonly remove: () => void;
  readonly repeat: () => void;
  readonly rename: ((change: (name: string) => string) => void) | undefined;
}

const odd: readonly Tree[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  "",
  " ",
  "*",
  "__proto__",
  "constructor",
  "AA==",
  "\u0000",
  "\ud800",
  "ſ",
  "sha256:",
  "A".repeat(3000),
];

/** Changes a JSON document in one place, however deep, also inside base64 inside it; what is no JSON byte by byte. */
export const inJson: Mutation = (document, dice) => {
  const tree = parse(document);
  if (tree === undefined || dice(12) === 0) return inBytes(document, dice);
  const root = { members: [["root", tree]] } satisfies Members;
  const sites = sitesIn(root);
  mutate(oneOf(sites, dice), sites, dice);
  return Buffer.from(root.members.map(([, value]) => write(value)).join(""));
};

function mutate(site: Site, sites: readonly Site[], dice: Dice): void {
  const moves: readonly (() => void)[] = [
    site.remove,
    site.repeat,
    () => site.set(structuredClone(oneOf(odd, dice))),
    () => site.set(structuredClone(oneOf(sites, dice).value)),
    () => site.set([site.value]),
    () => site.set({ members: [["value", site.value]] }),
    () => site.set(changed(site.value, dice)),
    () => site.set(changed(site.value, dice)),
    () => site.rename?.((name) => miscased(name, dice)),
    () => site.rename?.(() => "__proto__"),
  ];
  oneOf(moves, dice)();
}

/** A value that is nearly the same. */
function changed(value: Tree, dice: Dice): Tree {
  if (typeof value === "number") return value + oneOf([1, -1, 0.5], dice);
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return value;
  const encoding = oneOf(["base64", "base64url"] as const, dice);
  const bytes = Buffer.from(value, encoding);
  if (bytes.length < 12 || bytes.toString(encoding) !== value) {
    return inBytes(Buffer.from(value), dice).toString();
  }
  const isDer = bytes[0] === 0x30;
  return (isDer ? inDer : inJson)(bytes, dice).toString(encoding);
}

function miscased(name: string, dice: Dice): string {
  const at = dice(name.length);
  const letter = name.charAt(at);
  const upper = letter.toUpperCase();
  const other = letter === upper ? letter.toLowerCase() : upper;
  return name.slice(0, at) + other + name.slice(at + 1);
}

function sitesIn(holder: Tree): readonly Site[] {
  if (typeof holder !== "object" || holder === null) return [];
  const list: unknown[] = Array.isArray(holder) ? holder : holder.members;
  const own = Array.isArray(holder)
    ? holder.map((value, at): Site => ({
        value,
        set: (other) => holder.splice(at, 1, other),
        ...moving(list, at),
        rename: undefined,
      }))
    : holder.members.map((member, at): Site => ({
        value: member[1],
        set: (other) => {
          member[1] = other;
        },
        ...moving(list, at),
        rename: (change) => {
          member[0] = change(member[0]);
        },
      }));
  return own.flatMap((site) => [site, ...sitesIn(site.value)]);
}

function moving(list: unknown[], at: number) {
  return {
    remove: () => void list.splice(at, 1),
    repeat: () => void list.splice(at, 0, structuredClone(list[at])),
  };
}

function parse(document: Buffer): Tree | undefined {
  try {
    return treeOf(JSON.parse(document.toString()));
  } catch {
    return undefined;
  }
}

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== "object" || value === null) return scalar(value);
  const members = Object.entries(value);
  return { members: members.map(([name, member]) => [name, treeOf(member)]) };
}

function scalar(value: unknown): string | number | boolean | null {
  const isPlain =
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean";
  return isPlain ? value : null;
}

function write(value: Tree): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = value.members.map(
    ([name, member]) => `${JSON.stringify(name)}:${write(member)}`,
  );
  return `{${members.join(",")}}`;
}

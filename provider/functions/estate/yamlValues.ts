import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Scalar,
  type Pair,
  type YAMLMap,
} from "yaml";

const maxDepth = 32;
/** Values, those behind aliases counted each time they are used: a file of a hundred thousand entries has fewer. */
const maxValues = 2_000_000;

/** Something wrong with a YAML file that its grammar allows. */
interface Finding {
  readonly path: readonly PropertyKey[];
  readonly offset: number;
  readonly reason: string;
}

/** Where a word stands in the text, and how a scalar is written. */
export interface Spot {
  readonly offset: number;
  readonly source: string | undefined;
}

interface Built {
  readonly value: unknown;
  readonly size: number;
}

/** What is said of a file that nests without need. */
export const tooDeep = "is nested too deeply to be an estate";
const tooLarge = "makes the file too large by its aliases";
const nothing: Built = { value: undefined, size: 1 };

/** Whether a pair is a merge: `<<: *other`. */
export function isMerge(key: unknown, value: unknown): boolean {
  if (!isScalar(key) || key.value !== "<<" || key.type !== "PLAIN") {
    return false;
  }
  return isAlias(value) || isSeq(value) || isMap(value);
}

/** A key as it is written. */
function keyOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : key.source;
}

/** Plain values of a YAML tree. What an alias names is built once and shared, and its size is counted wherever it is used, so that no small file becomes a large estate. */
export class YamlValues {
  readonly findings: Finding[] = [];
  readonly value: unknown;
  readonly #anchors = new Map<string, unknown>();
  readonly #targets = new Map<unknown, unknown>();
  readonly #members = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  readonly #built = new Map<unknown, Built>();
  readonly #path: PropertyKey[] = [];
  #merged = 0;

  constructor(root: unknown) {
    const { value, size } = this.#build(root);
    this.value = value;
    if (size > maxValues && this.findings.length === 0) {
      this.#find(root, tooLarge);
    }
  }

  /** What a node stands for: itself, or what its alias names. */
  target(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  /** The pairs of a map by key, without merges. */
  membersOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#members.get(map);
    if (known) return known;
    const members = new Map<string, Pair>();
    for (const pair of map.items) {
      const name = keyOf(pair.key);
      if (name !== undefined && !isMerge(pair.key, pair.value)) {
        members.set(name, pair);
      }
    }
    this.#members.set(map, members);
    return members;
  }

  /** The maps that a merge brings in, in the order in which they are asked. */
  mergedBy(value: unknown): readonly unknown[] {
    const target = this.target(value);
    const all = isSeq(target) ? target.items : [target];
    return all.map((each) => this.target(each));
  }

  /** Where a node begins. */
  offsetOf(node: unknown): number {
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
  }

  #build(node: unknown): Built {
    if (this.#path.length > maxDepth) {
      return this.#find(node, tooDeep);
    }
    if (isAlias(node)) return this.#follow(node, node.source);
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
    const built = this.#own(node);
    this.#built.set(node, built);
    return built;
  }

  #own(node: unknown): Built {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#list(node.items);
    if (isScalar(node) && node.value !== null) {
      return { value: node.value, size: 1 };
    }
    return this.#find(node, "is empty: write a value, or leave the line out");
  }

  #follow(alias: unknown, anchor: string): Built {
    const target = this.#anchors.get(anchor);
    this.#targets.set(alias, target);
    const built = this.#built.get(target);
    // a known anchor without a value is still being built: it holds its own alias
    return (
      built ??
      this.#find(
        alias,
        `*${anchor} names nothing that is complete before this line`,
      )
    );
  }

  #list(items: readonly unknown[]): Built {
    let size = 1;
    const value = items.map((item, index) => {
      const built = this.#below(index, item);
      size += built.size;
      return built.value;
    });
    return { value, size };
  }

  #map({ items }: YAMLMap): Built {
    const members = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    let size = 1;
    for (const { key, value } of items) {
      if (isMerge(key, value)) {
        size += this.#merge(value, merged);
        continue;
      }
      const name = keyOf(key);
      if (name === undefined || name === "__proto__" || members.has(name)) {
        this.#find(key, whyNoKey(name));
        continue;
      }
      // `{ name }` has no value at all
      const built = this.#below(name, value ?? emptyAt(key));
      members.set(name, built.value);
      size += built.size;
    }
    const all = [...merged, ...members];
    return { value: Object.fromEntries(all), size };
  }

  /** Adds the members that a merge brings; of several maps, the first that has a name gives it. */
  #merge(value: unknown, merged: Map<string, unknown>): number {
    const built = this.#below("<<", value);
    const maps = Array.isArray(built.value) ? built.value : [built.value];
    for (const map of maps) {
      if (typeof map !== "object" || map === null || Array.isArray(map)) {
        this.#find(value, "<< takes an object, or a list of objects");
        continue;
      }
      if (this.#merged > maxValues) return built.size;
      const members = Object.entries(map);
      this.#merged += members.length;
      if (this.#merged > maxValues) this.#find(value, tooLarge);
      for (const [name, member] of members) {
        if (!merged.has(name)) merged.set(name, member);
      }
    }
    return built.size;
  }

  #below(step: PropertyKey, node: unknown): Built {
    this.#path.push(step);
    const built = this.#build(node);
    this.#path.pop();
    return built;
  }

  #find(node: unknown, reason: string): Built {
    const offset = this.offsetOf(node);
    this.findings.push({ path: [...this.#path], offset, reason });
    return nothing;
  }
}

/** A node that holds nothing, where the key stands. */
function emptyAt(key: unknown): Scalar {
  const empty = new Scalar(null);
  if (isNode(key) && key.range) empty.range = key.range;
  return empty;
}

function whyNoKey(name: string | undefined): string {
  if (name === undefined) return "a key must be a text";
  return name === "__proto__"
    ? "is not a name that can be used"
    : `${name} stands twice here: leave one`;
}

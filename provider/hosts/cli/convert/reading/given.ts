import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { LeftOut, type Log, type Spot } from "./log";

/** The document that is converted. */
export interface Page {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly log: Log;
  /** fills in what a tool lets stand for something else, in every text; set by the tool's reader */
  fill?: (given: Given, text: string) => string;
}

interface Place extends Spot {
  readonly page: Page;
}

/** One value of the file, at its place. Where a value is of another kind than is asked for, its entry is left out: without it, it might take more. */
export class Given implements Spot {
  readonly page: Page;
  readonly node: Node;
  readonly path: string;
  readonly line: number;

  constructor(at: Place & { readonly node: Node }) {
    this.page = at.page;
    this.node = at.node;
    this.path = at.path;
    this.line = at.line;
  }

  leave(why: string): void {
    this.page.log.leave(this, why);
  }

  text(): string {
    const { node, page } = this;
    if (!isScalar(node)) throw this.#not("a text");
    // 3.20 is a tag, and not the number 3.2
    const text = node.source ?? String(node.value);
    return page.fill ? page.fill(this, text) : text;
  }

  flag(): boolean {
    const text = isScalar(this.node) ? String(this.node.value) : "";
    if (/^(true|yes|on)$/i.test(text)) return true;
    if (/^(false|no|off)$/i.test(text)) return false;
    throw this.#not("true or false");
  }

  count(): number {
    const text = isScalar(this.node) ? String(this.node.value) : "";
    if (/^-?[0-9]+$/.test(text)) return Number(text);
    throw this.#not("a whole number");
  }

  items(): readonly Given[] {
    const { node, page, path } = this;
    if (!isSeq(node)) throw this.#not("a list");
    return node.items.flatMap((item, index) => {
      const given = givenAt(page, item, { path: `${path}[${index}]` });
      return given ? [given] : [];
    });
  }

  texts(): readonly string[] {
    const items = this.items();
    const isWhole = isSeq(this.node) && this.node.items.length === items.length;
    if (!isWhole) throw this.#not("a list without empty items");
    return items.map((item) => item.text());
  }

  mapping(): Mapping {
    const { node, page, path, line } = this;
    if (!isMap(node)) throw this.#not("a mapping");
    return new Mapping({ page, node, path, line });
  }

  #not(kind: string): LeftOut {
    return new LeftOut(`${this.path} is not ${kind}, as it must be there`);
  }
}

/** A mapping of the file. What `finish` finds unread was not known. */
export class Mapping implements Spot {
  readonly path: string;
  readonly line: number;
  readonly #page: Page;
  readonly #pairs: ReadonlyMap<string, Given | undefined>;
  readonly #read = new Set<string>();

  constructor(at: Place & { readonly node?: YAMLMap }) {
    this.path = at.path;
    this.line = at.line;
    this.#page = at.page;
    this.#pairs = at.node ? pairsOf(at, at.node, 0) : new Map();
  }

  get keys(): readonly string[] {
    return [...this.#pairs.keys()];
  }

  /** The value, taken as carried over; absent is what is not written, or empty. */
  get(key: string): Given | undefined {
    this.#read.add(key);
    const given = this.#pairs.get(key);
    if (given) this.#page.log.carry(given);
    return given;
  }

  text(key: string): string | undefined {
    return this.get(key)?.text();
  }

  flag(key: string): boolean | undefined {
    return this.get(key)?.flag();
  }

  items(key: string): readonly Given[] {
    return this.get(key)?.items() ?? [];
  }

  /** The mapping at a key; an empty one where there is none. */
  within(key: string): Mapping {
    const { path, line } = this;
    const empty = { page: this.#page, path: `${path}.${key}`, line };
    return this.get(key)?.mapping() ?? new Mapping(empty);
  }

  /** Says why these keys, where they are written, are not in the result. */
  leave(reasons: Readonly<Record<string, string>>): void {
    for (const [key, why] of Object.entries(reasons)) this.get(key)?.leave(why);
  }

  /** Names every key that nobody asked for. */
  finish(tool: string): void {
    for (const [key, given] of this.#pairs)
      if (!this.#read.has(key))
        given?.leave(`is no word of ${tool}, which passes over it as well`);
  }

  /** What stands for something else in the texts of this tool. */
  fillBy(fill: NonNullable<Page["fill"]>): void {
    this.#page.fill = fill;
  }

  /** A text at this key, without a trace in the log. */
  peek(key: string): string | undefined {
    const node = this.#pairs.get(key)?.node;
    return isScalar(node) ? String(node.value) : undefined;
  }

  /** The whole mapping is left out, for one reason. */
  giveUp(why: string): void {
    this.#page.log.leaveOut(this, why);
  }
}

function pairsOf(
  at: Place,
  map: YAMLMap,
  depth: number,
): ReadonlyMap<string, Given | undefined> {
  const own = new Map<string, Given | undefined>();
  const merged = new Map<string, Given | undefined>();
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    if (key === "<<" && depth < 8) {
      for (const [name, given] of mergedPairs(at, pair, depth + 1))
        merged.set(name, given);
      continue;
    }
    const path = at.path === "" ? key : `${at.path}.${key}`;
    const line = lineOf(at.page, isScalar(pair.key) ? pair.key : undefined);
    own.get(key)?.leave("is written twice: the last one counts");
    own.set(key, givenAt(at.page, pair.value, { path, line }));
  }
  return new Map([...merged, ...own]);
}

function mergedPairs(
  at: Place,
  { value }: Pair,
  depth: number,
): readonly (readonly [string, Given | undefined])[] {
  const node = resolved(at.page, value);
  const maps = isSeq(node) ? node.items : [node];
  return maps
    .map((item) => resolved(at.page, item))
    .toReversed() // the first of several has the say
    .flatMap((map) => (isMap(map) ? [...pairsOf(at, map, depth)] : []));
}

/** The value at a place; absent where it is empty. */
function givenAt(
  page: Page,
  value: unknown,
  { path, line }: { readonly path: string; readonly line?: number },
): Given | undefined {
  const node = resolved(page, value);
  if (node === undefined) return undefined;
  if (isScalar(node) && node.value === null) return undefined;
  return new Given({ page, node, path, line: line ?? lineOf(page, node) });
}

function resolved(page: Page, value: unknown): Node | undefined {
  if (isAlias(value)) return value.resolve(page.document);
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}

function lineOf({ lines }: Page, node: Node | undefined): number {
  return lines.linePos(node?.range?.[0] ?? 0).line;
}

import type { Value, Values } from "../../mirror/lifecycle";
import { joined } from "./references";
import type { EstateText } from "./shape";

/** What one part of a file says, and where that part stands. */
export interface Scope {
  readonly path: readonly PropertyKey[];
  readonly values: Values;
}

/** One entry of a file, with everything around it that counts for it. */
export interface Entry {
  readonly kind: "artifacts" | "repositories";
  readonly name: string;
  /** itself, its group, the defaults: the first that has a word gives it, whole */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** with the prefix of its group */
  readonly source: string;
  /** of an artifact */
  readonly additionalTags: readonly string[];
}

/** A word's value, and where it was written. */
export interface Setting {
  readonly value: Value;
  readonly path: readonly PropertyKey[];
}

/** Every entry of a file, in its order. */
export function entriesOf(estate: EstateText): readonly Entry[] {
  const defaults = { path: ["defaults"], values: estate.defaults ?? {} };
  const groups = Object.entries(estate.groups ?? {}).flatMap(
    ([name, { artifacts, repositories, sourcePrefix, ...values }]) => {
      const path = ["groups", name];
      return under(
        { artifacts, repositories },
        { path, sourcePrefix, scopes: [{ path, values }, defaults] },
      );
    },
  );
  return [...under(estate, { path: [], scopes: [defaults] }), ...groups];
}

function under(
  holder: Pick<EstateText, "artifacts" | "repositories">,
  around: {
    readonly path: readonly PropertyKey[];
    readonly scopes: readonly Scope[];
    readonly sourcePrefix?: string | undefined;
  },
): readonly Entry[] {
  const { path, scopes, sourcePrefix } = around;
  const kinds = ["artifacts", "repositories"] as const;
  return kinds.flatMap((kind) =>
    Object.entries(holder[kind] ?? {}).map(([name, written]) => {
      const values =
        typeof written === "string" ? { source: written } : written;
      const own = { path: [...path, kind, name], values };
      const { source, additionalTags = [] } = { additionalTags: [], ...values };
      return {
        kind,
        name,
        source: joined(sourcePrefix, source),
        additionalTags,
        scopes: [own, ...scopes] as const,
      };
    }),
  );
}

/** What counts for an entry: its own word, else its group's, else the default. */
export function settingOf(
  { scopes }: Pick<Entry, "scopes">,
  word: string,
): Setting | undefined {
  for (const { path, values } of scopes) {
    const value = values[word];
    if (value !== undefined) return { value, path: [...path, word] };
  }
  return undefined;
}

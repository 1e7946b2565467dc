import { isProperties, isSecret, type Json, type Properties } from "./values";

/** The steps of a property path: `policy.signedBy[0]["a.b"]`. */
function stepsOf(path: string): readonly string[] {
  const found = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...found].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
}

/** The value at a path, through secret envelopes; undefined where there is none. */
export function valueAt(
  value: Json | undefined,
  path: string,
): Json | undefined {
  return stepsOf(path).reduce<Json | undefined>((at, step) => {
    const open = isSecret(at) ? at["value"] : at;
    if (Array.isArray(open)) return open[Number(step)];
    return isProperties(open) ? open[step] : undefined;
  }, value);
}

/** `properties` with the value at `path` replaced, or removed when it is undefined. */
function withValueAt(
  properties: Properties,
  path: readonly string[],
  value: Json | undefined,
): Properties {
  const [name, ...rest] = path;
  if (name === undefined) return properties;
  const inner = properties[name];
  const next =
    rest.length === 0
      ? value
      : isProperties(inner)
        ? withValueAt(inner, rest, value)
        : inner;
  const others = Object.entries(properties).filter(([other]) => other !== name);
  return Object.fromEntries(
    next === undefined ? others : [...others, [name, next]],
  );
}

/** What the engine does for `ignoreChanges`: the old value wins, and is absent where it was absent. */
export function keepIgnored(
  news: Properties,
  olds: Properties,
  paths: readonly string[],
): Properties {
  return paths.reduce(
    (kept, path) => withValueAt(kept, stepsOf(path), valueAt(olds, path)),
    news,
  );
}

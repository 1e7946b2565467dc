import type { Value } from "../mirror/lifecycle";

/** Whether two values say the same; absent members do not count, the order of names neither. */
export function isSameValue(one: Value, other: Value): boolean {
  if (typeof one !== "object" || typeof other !== "object") {
    return one === other;
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = present(one);
  const right = present(other);
  return (
    left.size === right.size &&
    [...left].every(([name, value]) => isSameValue(value, right.get(name)))
  );
}

function present(value: object): Map<string, Value> {
  const members: [string, Value][] = Object.entries(value);
  return new Map(members.filter(([, member]) => member !== undefined));
}

import { createHash } from "node:crypto";
import type { Value, Values } from "../mirror/lifecycle";

/** Under this name the dynamic host remembers what was declared. Pulumi shows no name that begins with two underscores. */
export const declaredName = "__declared";

/** Short digests of the inputs by name: the dynamic protocol brings no old inputs to a diff, and state keeps no copy of a policy. */
export function declaredDigests(inputs: Values): Values {
  const present = Object.entries(inputs).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(
    present.map(([name, value]) => [name, fingerprintOf(value)]),
  );
}

/** The old inputs, as far as a comparison with the new ones needs them: what is the same is the new value, what differs is something else. */
export function oldInputsFrom(state: Values, news: Values): Values {
  const remembered = state[declaredName];
  if (typeof remembered !== "object") return {};
  const digests = Object.entries(remembered).map(([name, digest]) => {
    const now = news[name];
    return [name, fingerprintOf(now) === digest ? now : digest] as const;
  });
  return Object.fromEntries(digests);
}

function fingerprintOf(value: Value): string {
  const hash = createHash("sha256").update(JSON.stringify([ordered(value)]));
  return hash.digest("hex").slice(0, 16);
}

function ordered(value: Value): unknown {
  if (typeof value === "symbol") return { unknown: true };
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(ordered);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    members.map(([name, member]) => [name, ordered(member)]),
  );
}

import type { Filter } from "../rule";

/** Whether a tag could not be a key of the state: Pulumi's messages cannot carry it. */
export function isReserved(tag: string): boolean {
  return tag === "__proto__";
}

/** What the state cannot keep is not taken. */
export const reserved: Filter<string> = {
  name: "reserved",
  prepare: () => (tag) =>
    isReserved(tag) ? "cannot be kept in Pulumi's state" : undefined,
};

import type { Filter } from "../rule";

/** Only the tags that the user names. */
export const list: Filter<string> = {
  name: "list",
  prepare({ mode, list: named = [] }) {
    if (mode !== "list") return undefined;
    const wanted = new Set(named);
    return (tag) => (wanted.has(tag) ? undefined : "is not in `list`");
  },
};

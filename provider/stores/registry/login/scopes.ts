/** What may be done to a repository. `delete` is asked for only to delete. */
export type Action = "pull" | "push" | "delete";

/** Scopes by repository: one string each, actions sorted and unique (W41); the first repository stands first. */
export function scopesOf(
  access: readonly {
    readonly name: string;
    readonly actions: readonly Action[];
  }[],
): readonly string[] {
  const merged = new Map<string, Set<Action>>();
  for (const { name, actions } of access) {
    const known = merged.get(name) ?? new Set();
    for (const action of actions) known.add(action);
    merged.set(name, known);
  }
  return [...merged].map(
    ([name, actions]) => `repository:${name}:${[...actions].sort().join(",")}`,
  );
}

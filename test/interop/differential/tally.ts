import type { Compared, Side } from "./compared";
import { deliberate, type Deliberate } from "./deliberate";

/** How many agreed, and what did not. */
export interface Tally {
  /** how many the tool admits, so that nobody compares refusals alone */
  readonly admitted: number;
  readonly line: string;
  /** one text a difference that nobody meant */
  readonly differences: readonly string[];
  /** ids of deliberate differences that were seen */
  readonly seen: ReadonlySet<string>;
}

/** Counts combinations by whether the verdicts are equal, deliberately different, or neither. */
export function tally(
  tool: Deliberate["tool"],
  all: readonly Compared[],
): Tally {
  const differences: string[] = [];
  const seen = new Set<string>();
  let equal = 0;
  for (const one of all) {
    if (isEqual(one)) equal += 1;
    else {
      const meant = deliberate.find(
        (entry) => entry.tool === tool && entry.explains(one),
      );
      if (meant) seen.add(meant.id);
      else differences.push(textOf(tool, one));
    }
  }
  const meant = all.length - equal - differences.length;
  const admitted = all.filter(({ theirs }) => theirs.admits).length;
  const line = `${tool}: compared ${all.length} cases (${admitted} admitted by it): ${equal} equal, ${meant} deliberate, ${differences.length} different`;
  return { admitted, line, differences, seen };
}

/** The deliberate differences of a tool that no case shows any more. */
export function idle(
  tool: Deliberate["tool"],
  { seen }: Tally,
): readonly string[] {
  return deliberate
    .filter((entry) => entry.tool === tool && !seen.has(entry.id))
    .map(({ id }) => id);
}

function isEqual({ theirs, ours }: Compared): boolean {
  if (theirs.admits !== ours.admits) return false;
  if (!theirs.admits) return true;
  return (
    [...(theirs.notes ?? [])].sort().join() ===
    [...(ours.notes ?? [])].sort().join()
  );
}

function textOf(tool: string, { name, theirs, ours }: Compared): string {
  const side = ({ admits, notes = [], why }: Side) =>
    `${admits ? "yes" : "no"} ${notes.join(",")} (${why})`;
  return `${name}\n    ${tool}: ${side(theirs)}\n    ours: ${side(ours)}`;
}

import type { Run } from "./runs";
import type { Counts } from "./side";
import { medianOf, type Starts } from "./starts";
import type { Rate } from "./verifications";

const unknown = "not available";

/** The runs, one a line. */
export function runTable(runs: readonly Run[]): string {
  const head = ["", "wall s", "CPU s", "peak RSS MiB"];
  const rows = runs.map((run) => [
    run.name,
    run.wallSeconds.toFixed(2),
    run.cpuSeconds?.toFixed(2) ?? unknown,
    run.peakMebibytes?.toFixed(0) ?? unknown,
  ]);
  return aligned([head, ...rows]);
}

/** Requests by method, a line for each side of each run. */
export function requestTable(runs: readonly Run[]): string {
  const words = [
    "HEAD",
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "token",
    "challenge",
  ];
  const sides = runs.flatMap(({ name, source, destination }) => [
    { name: `${name}: source`, counts: byMethod(source) },
    { name: `${name}: destination`, counts: byMethod(destination) },
  ]);
  const used = words.filter((word) => sides.some(({ counts }) => counts[word]));
  const rows = sides.map(({ name, counts }) => [
    name,
    ...used.map((word) => String(counts[word] ?? 0)),
  ]);
  return aligned([["requests", ...used], ...rows]);
}

/** Verifications a second, one kind and form a line. */
export function rateTable(rates: readonly Rate[]): string {
  const head = ["verifications on one thread", "a second"];
  const rows = rates.map(({ authority, form, perSecond }) => [
    `${authority}: ${form}`,
    perSecond.toFixed(0),
  ]);
  return aligned([head, ...rows]);
}

export function startLine(name: string, starts: Starts): string {
  const [first = Number.NaN] = starts;
  const last = starts.at(-1) ?? Number.NaN;
  const median = medianOf(starts).toFixed(0);
  return `${name}: median ${median} ms of ${starts.length} (${first.toFixed(0)} to ${last.toFixed(0)})`;
}

function byMethod(counts: Counts): Counts {
  const found: Record<string, number> = {};
  for (const [words, count] of Object.entries(counts)) {
    const [method = words] = words.split(" ");
    found[method] = (found[method] ?? 0) + count;
  }
  return found;
}

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const cell = (text: string, at: number) => {
    const width = widths[at] ?? 0;
    return at === 0 ? text.padEnd(width) : text.padStart(width + 2);
  };
  return rows.map((row) => row.map(cell).join("").trimEnd()).join("\n");
}

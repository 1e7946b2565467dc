import type { Fault } from "../faults/catalog";
import type { Ending } from "./underFaults";

/** One tool under all faults, in their order. */
export interface Column {
  /** `crane 0.22.1` */
  readonly head: string;
  readonly endings: readonly Ending[];
}

/** The table of a README: a fault a line, a tool a column, and last what is required of us. */
export function faultTable(
  faults: readonly Fault[],
  columns: readonly Column[],
): string {
  const head = ["fault", "row", "required", ...columns.map((one) => one.head)];
  const rows = faults.map(({ word, row = "", required }, at) => [
    `\`${word}\``,
    row,
    required.ends === "copied" ? "copied" : `fails \`${required.code}\``,
    ...columns.map(({ endings }) => endings[at] ?? ""),
  ]);
  const sums = columns.map(({ endings }) => sumOf(faults, endings));
  const all = [...rows, ["as required", "", String(faults.length), ...sums]];
  const widths = head.map((_, at) =>
    Math.max(3, ...[head, ...all].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...all.map(line)].join("\n");
}

/** How many of the faults that were met ended as they should. */
function sumOf(faults: readonly Fault[], endings: readonly Ending[]): string {
  const met = endings.filter((ending) => ending !== "–").length;
  const good = faults.filter(
    ({ required }, at) => endings[at] === wantedOf(required.ends),
  );
  return `${good.length} of ${met}`;
}

/** What a required end looks like in the table. */
export function wantedOf(ends: Fault["required"]["ends"]): Ending {
  return ends === "copied" ? "copied" : "fails";
}

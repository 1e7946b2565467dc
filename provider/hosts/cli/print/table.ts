import { printable } from "../../../mirror/printable";

const longestCell = 200;
const gap = "  ";

/** One cell; `paint` colours it without widening it. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Rows in columns that line up; every text is made safe to show. The first row is the heading where there is one. */
export function table(rows: readonly (readonly (string | Cell)[])[]): string {
  const cells = rows.map((row) => row.map(cellOf));
  const count = cells.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: count }, (_, column) =>
    cells.reduce(
      (most, row) => Math.max(most, row[column]?.text.length ?? 0),
      0,
    ),
  );
  return cells.map((row) => lineOf(row, widths)).join("\n");
}

function lineOf(row: readonly Cell[], widths: readonly number[]): string {
  const parts = row.map(({ text, paint }, column) => {
    const isLast = column === row.length - 1;
    const filled = isLast
      ? ""
      : " ".repeat((widths[column] ?? 0) - text.length);
    return (paint ? paint(text) : text) + filled;
  });
  return parts.join(gap).trimEnd();
}

function cellOf(cell: string | Cell): Cell {
  const { text, paint }: Cell =
    typeof cell === "string" ? { text: cell } : cell;
  return { text: printable(text, longestCell), paint };
}

/** A line, and what hangs on it. */
export interface Branch {
  readonly line: string;
  readonly below: readonly Branch[];
}

const maxLines = 2000;

/** Draws a tree with box characters, a line a branch; what there is no room for is counted. */
export function drawTree(root: Branch): string {
  const lines = [root.line];
  let left = 0;
  const draw = (branches: readonly Branch[], indent: string) => {
    branches.forEach(({ line, below }, at) => {
      const isLast = at === branches.length - 1;
      if (lines.length < maxLines)
        lines.push(`${indent}${isLast ? "└─ " : "├─ "}${line}`);
      else left += 1;
      draw(below, `${indent}${isLast ? "   " : "│  "}`);
    });
  };
  draw(root.below, "");
  if (left > 0) lines.push(`… and ${left} more`);
  return lines.join("\n");
}

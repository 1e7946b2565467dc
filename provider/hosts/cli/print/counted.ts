/** `1 repository`, `2 repositories`. */
export function counted(count: number, thing: string): string {
  if (count === 1) return `1 ${thing}`;
  return `${count} ${thing.replace(/y$/, "ie")}s`;
}

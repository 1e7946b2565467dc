/** A compiled file of the SDK as it is packed: what lies in `sdk/nodejs` here stands at the package's root, and the other folders below it. */
export function atHome(path: string, text: string): string {
  return path.includes("/") || path.includes("\\")
    ? text.replaceAll('"../nodejs', '"..')
    : text.replaceAll('"../program', '"./program');
}

import { printable } from "../../mirror/printable";

const maxEntries = 200;
const maxName = 256;
const maxText = 1000;

/** A publisher's annotations as plain text: sorted, bounded, one line each; how many there was no room for. */
export function shownAnnotations(
  annotations: Readonly<Record<string, string>>,
): {
  readonly annotations: Readonly<Record<string, string>>;
  readonly omitted: number;
} {
  const names = Object.keys(annotations).sort();
  const shown = names
    .slice(0, maxEntries)
    .map((name) => [
      printable(name, maxName),
      printable(annotations[name] ?? "", maxText),
    ]);
  return {
    annotations: Object.fromEntries(shown),
    omitted: names.length - shown.length,
  };
}

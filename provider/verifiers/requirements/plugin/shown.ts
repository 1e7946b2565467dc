import { printable } from "../../../mirror/printable";

/** More than an authority's reason has: a plugin's message and details are all there is. */
const longest = 450;

/** A plugin's words made safe to show: one line, bounded. */
export function shown(words: string): string {
  return printable(words.trim(), longest);
}

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Foreign words made safe to show: one line, nothing that moves a cursor or turns the direction of reading, at most `longest` characters. */
export function printable(text: string, longest = 4000): string {
  const shown = text.slice(0, longest).replace(unsafe, " ");
  return text.length > longest ? `${shown}…` : shown;
}

/** The same for words of several lines of our own. */
export function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line))
    .join("\n");
}

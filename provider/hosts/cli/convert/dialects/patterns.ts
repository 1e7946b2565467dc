import { LeftOut } from "../reading/log";

/** What regsync matches as `^PATTERN$`, for us, who match the whole tag: an alternation at the top is bound by one anchor only. */
export function wholePattern(pattern: string): string {
  const parts = alternatives(pattern);
  if (parts.length === 1) return pattern;
  if (/\(\?[a-zA-Z-]+\)/.test(pattern))
    throw new LeftOut(
      `${pattern} has flags and alternatives at its top: put the alternatives into parentheses, then convert again`,
    );
  const last = parts.length - 1;
  const ways = parts.map((part, index) => {
    const before = index === 0 ? "" : ".*";
    const after = index === last ? "" : ".*";
    return `${before}(?:${part})${after}`;
  });
  return ways.join("|");
}

/** What Go finds anywhere in a text, for us, who match the whole text. */
export function searchedPattern(pattern: string): string {
  const isAnchored =
    pattern.startsWith("^") && /(^|[^\\])(\\\\)*\$$/.test(pattern);
  if (isAnchored && alternatives(pattern).length === 1)
    return pattern.slice(1, -1);
  return `.*(?:${pattern}).*`;
}

/** Whether a pattern, searched, finds one text only. */
export function isLiteral(pattern: string): boolean {
  return /^\^([A-Za-z0-9_-]|\\\.)+\$$/.test(pattern);
}

/** One pattern for any of several; flags of one hold for itself only. */
export function anyOf(patterns: readonly string[]): string {
  return patterns
    .map((pattern) => (pattern.includes("(?") ? `(?:${pattern})` : pattern))
    .join("|");
}

/** The alternatives at the top of a pattern. */
function alternatives(pattern: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const token of pattern.match(
    /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\^?[a-z]+:\]|[^\]\\])*\]|./gs,
  ) ?? []) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (token === "|" && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + token);
  }
  return parts;
}

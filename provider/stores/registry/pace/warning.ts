import type { Response } from "../../../mirror/ports";
import { printable } from "../../../mirror/printable";
import { redact } from "../wire/redact";

const maxBytes = 4096; // W145
const oneWarning = /(?:^|,)\s*299\s+-\s+"((?:[^"\\]|\\.)*)"/g;

/** What a registry warns of, made safe to show: `Warning: 299 - "…"` (W145). Anything else in that header is not for us. `hide` takes out secrets. */
export function warningsIn(
  response: Response,
  hide: (text: string) => string,
): readonly string[] {
  const value = response.headers["warning"];
  if (value === undefined) return [];
  const lines = typeof value === "string" ? [value] : value;
  const text = lines.join(", ").slice(0, maxBytes);
  return [...text.matchAll(oneWarning)]
    .map(([, quoted = ""]) => quoted.replace(/\\(.)/g, "$1"))
    .map((words) => printable(redact(hide(words))).trim())
    .filter((words) => words !== "");
}

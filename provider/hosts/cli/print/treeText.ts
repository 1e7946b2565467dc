import { outputs } from "../../../functions/getReferrersShape";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { paintFor, type Paint } from "./paint";
import type { Terminal } from "../terminal";

const maxIgnored = 20;

/** The answer of `getReferrers` for a person: the tree, then what is no evidence. */
export function treeText(values: Values, terminal: Terminal): string {
  const { tree, ignored, outcome } = outputs.parse(values);
  const paint = paintFor(terminal);
  const lines = tree.split("\n").map((line) => painted(printable(line), paint));
  const more = ignored.length - maxIgnored;
  return [
    ...lines,
    ...ignored
      .slice(0, maxIgnored)
      .map(({ digest, reason, code }) =>
        paint.dim(printable(`set aside: ${digest}: ${reason} (${code})`)),
      ),
    ...(more > 0 ? [paint.dim(`… and ${more} more set aside`)] : []),
    ...(outcome === undefined ? [] : [`the policy says: ${outcome}`]),
  ].join("\n");
}

function painted(line: string, { green, yellow, red }: Paint): string {
  return line
    .replace(/(?<= {2})proven: .*/, green)
    .replace(/(?<= {2})unproven: .*/, yellow)
    .replace(/(?<= {2})unreadable: .*/, red);
}

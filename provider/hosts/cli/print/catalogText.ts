import { outputs } from "../../../functions/getCatalogShape";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { paintFor } from "../paint";
import { table } from "../table";
import type { Terminal } from "../terminal";

/** The answer of `getCatalog` for a person; `notes` go where warnings go. */
export function catalogText(
  values: Values,
  terminal: Terminal,
): { readonly text: string; readonly notes: readonly string[] } {
  const answer = outputs.parse(values);
  const { repositories, way, complete } = answer;
  const { dim, yellow } = paintFor(terminal);
  const rows = repositories.map((one) => [
    one.reference,
    { text: one.kind ?? "" },
    { text: one.tag ?? "" },
    { text: one.updated?.slice(0, 10) ?? "", paint: dim },
    one.problem === undefined
      ? { text: one.artifactType ?? "", paint: dim }
      : { text: one.problem, paint: yellow },
  ]);
  const number = repositories.length;
  const count = `${number} ${number === 1 ? "repository" : "repositories"}, listed by ${way}`;
  const end = complete ? dim(count) : yellow(`${count}; there are more`);
  return {
    text: [...(rows.length > 0 ? [table(rows)] : []), end].join("\n"),
    notes: answer.notes.map((note) => printable(note)),
  };
}

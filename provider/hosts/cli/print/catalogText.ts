import { outputs } from "../../../functions/getCatalogShape";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { plural } from "../../../resources/mirroring/words";
import { paintFor } from "./paint";
import { table } from "./table";
import type { Terminal } from "../terminal";

/** The answer of `getCatalog` for a person, without its notes. */
export function catalogText(values: Values, terminal: Terminal): string {
  const { repositories, way, complete } = outputs.parse(values);
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
  const count = `${plural(repositories.length, "repository")}, listed by ${way}`;
  const end = complete ? dim(count) : yellow(`${count}; there are more`);
  return [...(rows.length > 0 ? [table(rows)] : []), end].join("\n");
}

/** What has to be known of the list; it goes where warnings go. */
export function notesOf(values: Values): readonly string[] {
  return outputs.parse(values).notes.map((note) => printable(note));
}

import { outputs } from "../../../functions/getTagsShape";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { paintFor } from "./paint";
import { table } from "./table";
import type { Terminal } from "../terminal";

/** The answer of `getTags` for a person: the chosen in their order, then the others unless it is to be short, then counts. */
export const tagsText =
  (how: { readonly isShort: boolean }) =>
  (answer: Values, terminal: Terminal): string => {
    const { tags, chosen, dropped, listed, missing, omitted, message } =
      outputs.parse(answer);
    const { green, dim, yellow } = paintFor(terminal);
    const byTag = new Map(tags.map((each) => [each.tag, each]));
    const taken = chosen.map((tag) => {
      const { name = tag, present } = byTag.get(tag) ?? {};
      const notes = [
        name === tag ? "" : `as ${name}`,
        present === undefined ? "" : present ? "is there" : "is not there",
      ];
      const text = notes.filter(Boolean).join(", ");
      return [
        { text: tag },
        { text: "chosen", paint: green },
        { text, paint: dim },
      ];
    });
    const others = tags
      .filter((each) => !each.chosen)
      .map(({ tag, rule = "", reason = "" }) => [
        { text: tag },
        { text: rule, paint: yellow },
        { text: reason, paint: dim },
      ]);
    const rules = Object.entries(dropped).map(
      ([rule, count]) => `${rule} ${count}`,
    );
    const counts = [
      `${listed} listed`,
      `${chosen.length} chosen`,
      ...(rules.length > 0 ? [`dropped by ${rules.join(", ")}`] : []),
    ];
    const lines = [
      table([...taken, ...(how.isShort ? [] : others)]),
      omitted === undefined
        ? ""
        : dim(`… and ${omitted} more that are dropped`),
      missing.length > 0
        ? yellow(
            `not there: ${missing.map((tag) => printable(tag)).join(", ")}`,
          )
        : "",
      counts.join("; "),
      message === undefined ? "" : yellow(printable(message)),
    ];
    return lines.filter(Boolean).join("\n");
  };

import { isMap, LineCounter, parseDocument, type Document } from "yaml";
import { misunderstood } from "../../exit";
import { Mapping } from "./given";
import type { Log } from "./log";

/** The mapping at the top of a file. Its errors show no line of the file, since that may hold a password. */
export function openPage(text: string, name: string, log: Log): Mapping {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  const [error] = document?.errors ?? [];
  if (document === undefined || error) {
    const { line, col } = lines.linePos(error?.pos[0] ?? 0);
    throw unreadable(
      name,
      error
        ? `line ${line}, column ${col}: ${error.message}`
        : "it is nested too deeply",
    );
  }
  const node = document.contents;
  if (!isMap(node)) throw unreadable(name, "it is not a YAML mapping");
  return new Mapping({
    page: { document, lines, log },
    node,
    path: "",
    line: 1,
  });
}

function parsed(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      logLevel: "silent",
      uniqueKeys: false, // quadratic; a Mapping looks itself
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function unreadable(name: string, why: string) {
  return misunderstood({
    what: `could not read ${name}`,
    why,
    remedy: "give a file of regsync, replicant or flux-mirror",
  });
}

import { rename, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { MirrorError } from "../../../mirror/errors";
import { printable } from "../../../mirror/printable";
import type { Asked } from "../asked";
import { errnoOf, messageOf } from "../errno";
import { plural } from "../../../resources/mirroring/words";
import type { Terminal } from "../terminal";
import { readTextFile } from "../arguments/yamlFile";
import { convert, type Converted } from "./convert";

/** Converts the file that a command line names, writes the estate, and says what became of it. */
export async function convertFile(
  asked: Asked,
  terminal: Terminal,
): Promise<void> {
  const file = asked.word(0);
  const out = asked.text("out") ?? "estate.yaml";
  const converted = convert(
    await readTextFile(resolve(terminal.folder, file)),
    {
      name: basename(file),
      from: asked.text("from"),
      unverified: asked.text("unverified"),
      environment: terminal.environment,
    },
  );
  const report = reportOf(converted, { file, out });
  if (converted.artifacts + converted.repositories === 0) {
    terminal.complain(report);
    throw nothing(file);
  }
  if (out !== "-")
    await write(
      resolve(terminal.folder, out),
      converted.text,
      asked.has("force"),
    );
  if (asked.has("json")) {
    const { text: _, ...rest } = converted;
    const whole = out === "-" ? converted : { ...rest, out };
    return terminal.print(JSON.stringify(whole, undefined, 2));
  }
  if (out !== "-") return terminal.print(report);
  terminal.print(converted.text.trimEnd());
  terminal.complain(report);
}

/** Whole or not at all, and never over another file unless that is asked for. */
async function write(
  path: string,
  text: string,
  isForced: boolean,
): Promise<void> {
  try {
    if (!isForced) return await writeFile(path, text, { flag: "wx" });
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    const isThere = errno === "EEXIST";
    throw new MirrorError({
      fault: isThere ? "conflict" : "denied",
      code: "INVALID_INPUT",
      what: `could not write ${path}`,
      why: isThere ? "there is a file of that name" : messageOf(error),
      remedy: isThere
        ? "name another with --out, or write over it with --force"
        : "name a file that can be written with --out",
      cause: error,
    });
  }
}

function reportOf(
  converted: Converted,
  { file, out }: { readonly file: string; readonly out: string },
): string {
  const { from, artifacts, repositories, left, notes } = converted;
  const parts = [
    `${file} (${from}) → ${out === "-" ? "stdout" : out}: ${plural(artifacts, "artifact")}, ${plural(repositories, "repository")}`,
    section(
      "Not carried over, or not as it was:",
      left.map(({ line, path, why }) => `line ${line}  ${path}: ${why}`),
    ),
    section("Different here, for every entry:", notes),
    converted.wantsPolicy
      ? `Next: say in policies.converted of ${out === "-" ? "the estate" : out} who must have signed (signedBy, attestations, provenance).\nUntil then it is refused. Or convert again with --unverified REASON, which lets everything in.`
      : "",
  ];
  return parts.filter(Boolean).join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return [title, ...lines.map((line) => `  ${printable(line)}`)].join("\n");
}

function nothing(file: string): MirrorError {
  return new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: `could not convert ${file}`,
    why: "no entry of it can be carried over",
    remedy: "the list above says why",
  });
}

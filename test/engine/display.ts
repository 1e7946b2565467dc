import type { Diagnostic, Op, PropertyChange, Report, Step } from "./report";
import { nameOf, typeOf } from "./urn";
import type { Json } from "./values";

const marks: Readonly<Record<Op, string>> = {
  create: "+ ",
  update: "~ ",
  replace: "+-",
  delete: "- ",
  "delete-replaced": "--",
  same: "  ",
  refresh: "~ ",
  import: "= ",
  read: "> ",
};

const done: Readonly<Record<Op, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  "delete-replaced": "deleted original",
  same: "",
  refresh: "refresh",
  import: "imported",
  read: "read",
};

const quoted = (value: Json | undefined): string =>
  value === "[secret]" || value === "[unknown]" ? value : JSON.stringify(value);

/** One changed property, as `pulumi preview --diff` shows it. */
function changeLine(
  path: string,
  { kind, old, new: now }: PropertyChange,
): string {
  if (kind.startsWith("add")) return `+ ${path}: ${quoted(now)}`;
  if (kind.startsWith("delete")) return `- ${path}: ${quoted(old)}`;
  return `~ ${path}: ${quoted(old)} => ${quoted(now)}`;
}

function row({ op, urn, diff }: Step, preview: boolean): string {
  const what = preview && op !== "same" ? op : done[op];
  const changes = Object.entries(diff).filter(([path]) => path !== "");
  const lines = changes.map(
    ([path, change]) => `\n      ${changeLine(path, change)}`,
  );
  const gone = diff[""] === undefined ? "" : " (gone)";
  const intro = ` ${marks[op]} ${typeOf(urn)} ${nameOf(urn)} ${what}${gone}`;
  return intro.trimEnd() + lines.join("");
}

const indent = (text: string, by: string): string =>
  text.replaceAll("\n", `\n${by}`);

function diagnostics(all: readonly Diagnostic[]): readonly string[] {
  const shown = all.filter((one) => !one.ephemeral && one.severity !== "debug");
  const urns = [...new Set(shown.map((one) => one.urn))];
  return urns.flatMap((urn) => [
    urn === "" ? "  the program:" : `  ${typeOf(urn)} (${nameOf(urn)}):`,
    ...shown
      .filter((one) => one.urn === urn)
      .map(
        ({ severity, message }) =>
          `    ${severity}: ${indent(message.trimEnd(), "      ")}`,
      ),
    "",
  ]);
}

const counted: readonly Op[] = [
  "create",
  "update",
  "replace",
  "delete",
  "import",
];

/** The numbers at the end: `+ 2 to create`. */
function summary(
  steps: readonly Step[],
  failures: number,
  preview: boolean,
): readonly string[] {
  const lines = counted.flatMap((op) => {
    const count = steps.filter((one) => one.op === op && !one.failed).length;
    const words = preview ? `to ${op}` : done[op];
    return count === 0 ? [] : [`${marks[op]}${count} ${words}`];
  });
  const unchanged = steps.filter((one) => one.op === "same").length;
  return [
    ...lines,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(failures > 0 ? [`${failures} errored`] : []),
  ];
}

/** What a command line would print of a run. */
export function display(
  title: string,
  report: Omit<Report, "text" | "state">,
  {
    preview,
    failures,
  }: { readonly preview: boolean; readonly failures: number },
): string {
  const shown = report.steps.filter(
    (one) => one.op !== "refresh" || Object.keys(one.diff).length > 0,
  );
  const told = diagnostics(report.diagnostics);
  const outputs = Object.entries(report.outputs);
  const lines = [
    `${title}:`,
    ...shown.map((one) => row(one, preview)),
    ...(told.length > 0 ? ["Diagnostics:", ...told] : []),
    ...(outputs.length > 0 ? ["Outputs:"] : []),
    ...outputs.map(([name, value]) => `    ${name}: ${quoted(value)}`),
    "Resources:",
    ...summary(report.steps, failures, preview).map((line) => `    ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

import { version } from "../../../package.json";
import type { Command, Option } from "./command";
import { exitHelp } from "./exit";

const program = "npx pulumi-artifact-mirror";

/** What can be asked at all. */
export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) => [usageOf(command), command.summary] as const,
  );
  return `pulumi-artifact-mirror ${version}

${program} COMMAND [arguments] [options]

${columns(rows)}

  COMMAND --help   tells more of one of them
  --version        tells the version

Answers go to stdout, everything else to stderr. Nothing is ever written to a registry.

${exitHelp}`;
}

/** What one command takes. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, option]) => [optionOf(name, option), option.says] as const,
  );
  const parts = [
    `${program} ${usageOf(command)}${options.length > 0 ? " [options]" : ""}`,
    command.summary,
    options.length > 0 ? `Options:\n${columns(options)}` : "",
    command.help?.trimEnd() ?? "",
    exitHelp,
  ];
  return parts.filter(Boolean).join("\n\n");
}

const usageOf = ({ word, words }: Command): string =>
  [word, ...words].join(" ");

function optionOf(name: string, { value, repeated }: Option): string {
  const shown = value === undefined ? `--${name}` : `--${name} ${value}`;
  return repeated ? `${shown} …` : shown;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows
    .map(([left, right]) => `  ${left.padEnd(width)}   ${right}`)
    .join("\n");
}

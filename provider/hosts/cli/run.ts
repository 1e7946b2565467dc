import { version } from "../../../package.json";
import type { Command } from "./command";
import { commands } from "./commands/catalog";
import { exit, failed, type ExitCode } from "./exit";
import { generalHelp, helpOf } from "./help";
import type { Terminal } from "./terminal";
import { understand } from "./understand";

/** Runs one command line and answers its exit code. */
export async function run(
  line: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const [word = "", ...rest] = line;
  if (word === "--version") {
    terminal.print(version);
    return exit.done;
  }
  if (word === "--help" || word === "help") return help(rest[0], terminal);
  const command = commands.find((each) => each.word === word);
  if (command === undefined) return notKnown(word, terminal);
  if (rest.includes("--help")) {
    terminal.print(helpOf(command).trimEnd());
    return exit.done;
  }
  return attempt(command, { rest, terminal });
}

async function attempt(
  command: Command,
  asked: { readonly rest: readonly string[]; readonly terminal: Terminal },
): Promise<ExitCode> {
  const { rest, terminal } = asked;
  try {
    return await command.run(understand(command, rest), terminal);
  } catch (error) {
    return failed(error, terminal);
  }
}

function help(word: string | undefined, terminal: Terminal): ExitCode {
  const command = commands.find((each) => each.word === word);
  if (word !== undefined && command === undefined)
    return notKnown(word, terminal);
  const text = command ? helpOf(command) : generalHelp(commands);
  terminal.print(text.trimEnd());
  return exit.done;
}

function notKnown(word: string, terminal: Terminal): ExitCode {
  const words = commands.map((each) => each.word).join(", ");
  terminal.complain(
    word === ""
      ? generalHelp(commands).trimEnd()
      : `error: ${JSON.stringify(word)} is no command of ours; there are ${words}; see npx pulumi-artifact-mirror --help`,
  );
  return exit.misunderstood;
}

import { parseArgs } from "node:util";
import { Asked } from "./asked";
import type { Command, Option } from "./command";
import { errnoOf, messageOf } from "./errno";
import { misunderstood } from "./exit";

/** Understands what follows a command's word. Throws `INVALID_INPUT` for what it does not know. */
export function understand(command: Command, line: readonly string[]): Asked {
  const { values, positionals } = parsed(command, line);
  const { length } = command.words;
  if (positionals.length !== length)
    throw notUnderstood(
      command,
      positionals.length > length
        ? `${JSON.stringify(positionals[length])} is one argument too many`
        : `${command.words[positionals.length]} is missing`,
    );
  const options = Object.entries(values).map(([name, value]) => {
    const given = Array.isArray(value) ? value : [value ?? true];
    if (given.length > 1 && !command.options[name]?.repeated)
      throw notUnderstood(command, `--${name} stands there twice`);
    return [name, given] as const;
  });
  return new Asked(positionals, new Map(options));
}

function parsed(command: Command, line: readonly string[]) {
  const options = Object.entries(command.options).map(
    ([name, option]) => [name, parserOf(option)] as const,
  );
  try {
    return parseArgs({
      args: [...line],
      options: Object.fromEntries(options),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    if (!errnoOf(error)?.startsWith("ERR_PARSE_ARGS")) throw error;
    throw notUnderstood(command, inOurWords(command, messageOf(error)));
  }
}

/** Node's advice on an unknown option is about arguments that begin with a hyphen, which nobody meant. */
function inOurWords({ options }: Command, text: string): string {
  const [, unknown] = /^Unknown option '([^']*)'/.exec(text) ?? [];
  if (unknown === undefined) return text;
  const known = Object.keys(options).map((name) => `--${name}`);
  return `${JSON.stringify(unknown)} is no option of it; ${known.length > 0 ? `there are ${known.join(", ")}` : "there is none"}`;
}

function parserOf(option: Option) {
  const type = option.value === undefined ? "boolean" : "string";
  return { type, multiple: true } as const;
}

function notUnderstood(command: Command, why: string) {
  return misunderstood({
    what: `could not understand the command line of ${command.word}`,
    why: why.replace(/\.$/, ""),
    remedy: `see npx pulumi-artifact-mirror ${command.word} --help`,
  });
}

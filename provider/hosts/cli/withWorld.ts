import type { Call, Values } from "../../mirror/lifecycle";
import type { FunctionKind } from "../../functions/kind";
import type { World } from "../../resources/world";
import { secretConfigTexts } from "../configText";
import { redactor } from "../redact";
import { openOutside } from "../world";
import type { Asked } from "./asked";
import { readConfiguration } from "./arguments/configuration";
import { failed, misunderstood, reasonsOf, type ExitCode } from "./exit";
import type { Terminal } from "./terminal";

/** What a command works with. Nothing that is printed through its terminal shows a secret of the configuration. */
export interface Opened {
  readonly world: World;
  readonly call: Call;
  readonly terminal: Terminal;
  /** A function's answer; throws what is wrong with the arguments, too. */
  readonly ask: (kind: FunctionKind, args: Values) => Promise<Values>;
  /** Prints an answer: as JSON where that is asked for, else as a person reads it. */
  readonly show: (answer: Values, toText: ToText) => void;
}

/** An answer as a person reads it. */
export type ToText = (answer: Values, terminal: Terminal) => string;

/** Opens the world that `--config` and `--plain-http` describe, and closes it. Errors are told, and answered as exit codes. */
export async function withWorld(
  asked: Asked,
  terminal: Terminal,
  use: (opened: Opened) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { config, given } = await readConfiguration(asked, terminal);
  const redact = redactor(secretConfigTexts(given, terminal.environment));
  const safe: Terminal = {
    ...terminal,
    print: (text) => terminal.print(redact(text)),
    complain: (text) => terminal.complain(redact(text)),
  };
  const outside = openOutside(config, terminal.environment);
  const { world } = outside;
  const call = callOf(safe, outside.send);
  try {
    const ask = (kind: FunctionKind, args: Values) =>
      answerOf({ world, call }, kind, args);
    const show = (answer: Values, toText: ToText) =>
      safe.print(
        asked.has("json")
          ? JSON.stringify(answer, undefined, 2)
          : toText(answer, safe),
      );
    return await use({ world, call, terminal: safe, ask, show });
  } catch (error) {
    return failed(error, safe);
  } finally {
    await outside.close();
  }
}

function callOf(terminal: Terminal, send: Call["reach"]["send"]): Call {
  const { signal } = terminal;
  const reach: Call["reach"] = {
    send,
    signal,
    now: () => new Date(),
    notice: ({ kind, text }) =>
      terminal.complain(`${kind === "waiting" ? "note" : kind}: ${text}`),
  };
  return {
    reach,
    tell({ kind, text }) {
      if (kind !== "progress")
        terminal.complain(`${kind === "info" ? "note" : kind}: ${text}`);
    },
  };
}

async function answerOf(
  { world, call }: { readonly world: World; readonly call: Call },
  kind: FunctionKind,
  args: Values,
): Promise<Values> {
  const answer = await kind.ask(world, call, args);
  if ("values" in answer) return answer.values;
  const word = kind.token.split(":").at(-1) ?? kind.token;
  throw misunderstood({
    what: `could not ask ${word}`,
    why: reasonsOf(answer.failures),
    remedy: "see its --help",
  });
}

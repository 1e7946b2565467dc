/** Where a command runs, and where its words go. */
export interface Terminal {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** whether answers may be coloured: see `paintFor` */
  readonly colours: boolean;
  /** given up by it; Ctrl-C ends the process itself, since no command leaves anything half-done */
  readonly signal: AbortSignal;
  /** an answer, to stdout; may hold several lines */
  print(text: string): void;
  /** what is not the answer, to stderr: errors, warnings, notes */
  complain(text: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // whoever reads only the first lines (`| head`) closes the pipe
  process.stdout.on("error", () => process.exit());
  return {
    folder: process.cwd(),
    environment: process.env,
    colours: wantsColours(process.env, process.stdout.isTTY),
    signal: new AbortController().signal,
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
  };
}

/** `NO_COLOR` and `FORCE_COLOR` as everywhere; without them, colours are for people only. */
function wantsColours(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (environment["NO_COLOR"]) return false;
  const { FORCE_COLOR: forced, TERM: kind } = environment;
  if (forced) return forced !== "0";
  return isTerminal && kind !== "dumb";
}

import { run } from "../../../../provider/hosts/cli/run";

/** What a command line said. */
export interface Said {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

/** Runs one command line in this process, as in an empty environment without a terminal. */
export async function commandLine(
  line: readonly string[],
  where: {
    readonly folder?: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly colours?: boolean;
  } = {},
): Promise<Said> {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await run(line, {
    folder: where.folder ?? process.cwd(),
    environment: where.environment ?? {},
    colours: where.colours ?? false,
    signal: new AbortController().signal,
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
  });
  return {
    code,
    printed: printed.join("\n"),
    complained: complained.join("\n"),
  };
}

import { version } from "../../../package.json";
import { MirrorError } from "../../mirror/errors";
import { init } from "./init";

/** Where a command runs, and where its words go. */
export interface Terminal {
  readonly folder: string;
  print(line: string): void;
  complain(line: string): void;
}

const usage = `pulumi-artifact-mirror ${version}

  npx pulumi-artifact-mirror init   write the plugin's path into Pulumi.yaml, so that Pulumi downloads nothing
`;

/** Runs one command line and answers its exit code: 0 done, 1 could not, 2 not understood. */
export function run(words: readonly string[], terminal: Terminal): number {
  const [word, ...rest] = words;
  if (word === "--version" && rest.length === 0) {
    terminal.print(version);
    return 0;
  }
  if (word === "--help" || word === "help" || rest.includes("--help")) {
    terminal.print(usage);
    return 0;
  }
  if (word !== "init" || rest.length > 0) {
    terminal.complain(usage);
    return 2;
  }
  return attempt(() => terminal.print(init(terminal.folder)), terminal);
}

function attempt(act: () => void, terminal: Terminal): number {
  try {
    act();
    return 0;
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    terminal.complain(`error: ${error.message}`);
    return 1;
  }
}

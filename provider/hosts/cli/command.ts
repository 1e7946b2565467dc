import type { Asked } from "./asked";
import type { ExitCode } from "./exit";
import type { Terminal } from "./terminal";

/** One option of a command. */
export interface Option {
  /** what stands after it (`FILE`); a switch has none */
  readonly value?: string;
  /** whether it may be given several times */
  readonly repeated?: true;
  /** one line of help */
  readonly says: string;
}

/** One word of the command line. Its file is light: whatever is heavy is imported by `run`. */
export interface Command {
  readonly word: string;
  /** one line: what it does */
  readonly summary: string;
  /** names of its arguments, all of them required: `["REFERENCE"]` */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** further lines of its help: what it prints, examples, what its exit codes mean here */
  readonly help?: string;
  /** Throws what makes it fail: the error's fault is the exit code. */
  run(asked: Asked, terminal: Terminal): Promise<ExitCode>;
}

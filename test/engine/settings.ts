import type { Foreign } from "./foreign";
import type { OutgoingCall } from "./pluginProcess";
import type { Diagnostic, Plan } from "./report";

/** What stays the same from run to run. */
export interface Settings {
  readonly projectDir: string;
  /** the program: a path below `projectDir`, or `.` */
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  readonly parallel: number;
  /** executables by package; packages that are not named are simulated */
  readonly plugins: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
  /** keys of `config` whose values are secret */
  readonly secretConfig: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly foreign: Foreign;
  /** asked before each call of a provider */
  readonly onCall?: ((call: OutgoingCall) => void | Promise<void>) | undefined;
  /** told what providers and the program log, while they do */
  readonly onDiagnostic?: ((diagnostic: Diagnostic) => void) | undefined;
}

/** What is asked of one run. */
export interface RunOptions {
  readonly preview: boolean;
  /** URNs; without them everything is a target */
  readonly targets?: readonly string[] | undefined;
  readonly continueOnError?: boolean | undefined;
  readonly plan?: Plan | undefined;
}

import { type Failure } from "../../mirror/lifecycle";
import { MirrorError } from "../../mirror/errors";
import type { Terminal } from "./terminal";

/** What the process answers to its caller; documented in the help. */
export const exit = {
  done: 0,
  failed: 1,
  misunderstood: 2,
  refused: 3,
  inconclusive: 4,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

export const exitHelp = `Exit codes:
  0  done; what was judged is admitted
  1  could not: an answer is missing, or something is not there
  2  not understood: the command line, or a file or an argument that it names
  3  refused by policy
  4  inconclusive: what the policy wants to know could not be asked
`;

/** Says an error, and answers its exit code. What is no MirrorError is a fault of ours, and is thrown. */
export function failed(error: unknown, terminal: Terminal): ExitCode {
  if (!(error instanceof MirrorError)) throw error;
  terminal.complain(`error: ${error.message}`);
  if (error.fault === "invalid") return exit.misunderstood;
  return error.fault === "refused" ? exit.refused : exit.failed;
}

/** What is wrong with what the user wrote. */
export function misunderstood(parts: {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}): MirrorError {
  return new MirrorError({ ...parts, fault: "invalid", code: "INVALID_INPUT" });
}

/** The failures of a shape in one line. */
export function reasonsOf(failures: readonly Failure[]): string {
  return failures
    .map(({ property, reason }) => `${property}: ${reason}`)
    .join("; ");
}

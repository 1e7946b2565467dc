import { RE2JS } from "re2js";
import { MirrorError } from "../mirror/errors";
import { textOf } from "../mirror/textOf";

/** The pattern made ready (RE2: its time grows with the text only); `testExact` asks for the whole text. */
export function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new MirrorError({
      fault: "invalid",
      code: "INVALID_INPUT",
      what: `could not read the pattern ${JSON.stringify(pattern)}`,
      why: `it ${problemIn(error)}`,
      remedy: "mend it",
      cause: error,
    });
  }
}

/** Whether a whole text matches. */
export function wholeMatch(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(pattern);
  return (text) => compiled.testExact(text);
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return problemIn(error);
  }
}

function problemIn(error: unknown): string {
  return `is not an RE2 pattern: ${textOf(error)}; RE2 has no look-around and no back-references`;
}

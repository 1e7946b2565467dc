import { hasUnknown, type Failure, type Value } from "../mirror/lifecycle";
import { problemOfNewName } from "./rename";
import { renameInput } from "./renameInput";
import { patternProblem } from "./wholeMatch";

/** What is wrong with a rename rule, beyond its shape. What is not known yet is left for later. */
export function renameFailures(
  value: Value,
  at = "rename",
): readonly Failure[] {
  if (hasUnknown(value)) return [];
  const { data: rename } = renameInput.safeParse(value);
  if (!rename) return [];
  const wrong = patternProblem(rename.pattern);
  if (wrong !== undefined)
    return [{ property: `${at}.pattern`, reason: wrong }];
  const unnamed = problemOfNewName(rename);
  return unnamed === undefined
    ? []
    : [{ property: `${at}.to`, reason: unnamed }];
}

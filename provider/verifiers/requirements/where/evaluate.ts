import { celEnv, isCelError, parse, plan, type CelInput } from "@bufbuild/cel";
import { textOf } from "../../../mirror/textOf";
import { DeadlineError, withinDeadline } from "./deadline";
import { unknownName } from "./names";

/** An expression made ready: says why it does not hold, or undefined where it does. Never throws. */
export type Condition = (
  bindings: Readonly<Record<string, CelInput>>,
) => string | undefined;

/** How long one evaluation may take; sizes are the evidence's own, and the event loop waits. */
const deadlineMs = 500;

/** Why an expression cannot be used, or undefined when it can: it does not parse, or names what is not there. */
export function problemOfExpression(text: string): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    return `is not a usable CEL expression: ${textOf(error)}`;
  }
}

/** Makes an expression ready. Only `true` holds: an error, a missing field, another type and lack of time do not (T36). Throws what `problemOfExpression` says. */
export function conditionOf(text: string): Condition {
  const evaluate = compile(text);
  return (bindings) => {
    try {
      return withinDeadline(() => {
        const result = evaluate({ ...bindings });
        if (isCelError(result)) return textOf(result);
        return result === true ? undefined : notTrue(result);
      }, deadlineMs);
    } catch (error) {
      if (error instanceof DeadlineError) return error.message;
      return textOf(error);
    }
  };
}

function compile(text: string) {
  const environment = celEnv();
  const parsed = parse(text);
  const unknown = unknownName(
    parsed.expr,
    (name) => environment.funcs.find(name) !== undefined,
  );
  if (unknown !== undefined) throw new Error(unknown);
  return plan(environment, parsed);
}

function notTrue(result: unknown): string {
  return result === false ? "is false" : "is neither true nor false";
}

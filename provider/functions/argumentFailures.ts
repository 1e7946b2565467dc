import type { ZodObject } from "zod";
import { unknownNames, type Failure, type Values } from "../mirror/lifecycle";
import { checkShape } from "../verifiers/checkShape";

/** What is wrong with a call's arguments as far as their shape tells: nothing may be unknown, because there is nothing to answer yet. */
export function argumentFailures(inputs: ZodObject, values: Values): Failure[] {
  return [
    ...unknownNames(values).map((property) => ({
      property,
      reason: "is not known yet: call the output form, which waits for it",
    })),
    ...checkShape(inputs, values),
  ];
}

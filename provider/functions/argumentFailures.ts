import type { ZodObject } from "zod";
import { hasUnknown, type Failure, type Values } from "../mirror/lifecycle";
import { checkShape } from "../verifiers/checkShape";

/** What is wrong with a call's arguments as far as their shape tells: nothing may be unknown, because there is nothing to answer yet. */
export function argumentFailures(inputs: ZodObject, values: Values): Failure[] {
  const unknown = Object.keys(values).filter((name) =>
    hasUnknown(values[name]),
  );
  return [
    ...unknown.map((property) => ({
      property,
      reason: "is not known yet: call the output form, which waits for it",
    })),
    ...checkShape(inputs, values),
  ];
}

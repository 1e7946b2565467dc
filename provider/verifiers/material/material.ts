import { globalRegistry, z, ZodType } from "zod";
import { textOf } from "../../mirror/textOf";
import { refuse } from "../refuse";
import { reasonText } from "../refusal";
import { isPlace, placeOf } from "./place";

/** A property that holds trust material: its text, or the place where the text lies. `check` throws an `Error` on a text that cannot be used. */
export function material(check: (text: string) => void) {
  return z
    .string()
    .superRefine((text, refinement) => {
      try {
        if (isPlace(text)) placeOf(text);
        else check(text);
      } catch (error) {
        const hint = isPathLike(text)
          ? "; to name a file, write `file:PATH`"
          : "";
        refuse(refinement, { message: reasonText(textOf(error)) + hint });
      }
    })
    .meta({ material: true });
}

/** Whether somebody has most likely forgotten `file:`. */
function isPathLike(text: string): boolean {
  return /^[\w./~-]{1,200}\.(?:pub|pem|crt|cer|crl|json)$/.test(text);
}

/** Whether a schema was made by `material`. */
export function isMaterial(schema: unknown): boolean {
  return (
    schema instanceof ZodType &&
    globalRegistry.get(schema)?.["material"] === true
  );
}

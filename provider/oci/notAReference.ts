import { MalformedError } from "./malformed";

/** The refusal of a text as a reference; `text` is what the user wrote. */
export function notAReference(text: string, why: string): MalformedError {
  return new MalformedError(
    "reference",
    `${JSON.stringify(text.slice(0, 300))} is not a reference: ${why}`,
  );
}

import {
  MalformedError,
  type MalformedRule,
} from "../../../provider/oci/malformed";

/** The rule and message of what `read` throws; fails when it throws nothing or something else. */
export function malformed(read: () => unknown): {
  readonly rule: MalformedRule;
  readonly message: string;
} {
  try {
    read();
  } catch (error) {
    if (error instanceof MalformedError) {
      return { rule: error.rule, message: error.message };
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

/** The UTF-8 bytes of a text, or of a value's JSON. */
export function utf8(value: unknown): Uint8Array {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}

import { readJson, type Json, type ReadOptions } from "../../oci/json";

const maxItems = 20_000;

/** How large a statement may be to be read before it is proven whose it is: reading takes a second for ten megabytes. */
const maxUnprovenBytes = 512 * 1024;

/** Reads the JSON that holds a signature. Real ones have some hundred members; anybody may write a million, and whoever reads them holds up all else. Throws `MalformedError`. */
export function readEnvelopeJson(
  bytes: Uint8Array,
  options: Omit<ReadOptions, "maxItems"> = {},
): Json {
  return readJson(bytes, { ...options, maxItems });
}

/** Whether a statement is read only once it is proven whose it is. */
export function isLarge(statement: Uint8Array): boolean {
  return statement.length > maxUnprovenBytes;
}

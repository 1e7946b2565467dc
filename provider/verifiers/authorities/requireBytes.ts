import type { Evidence } from "../../mirror/ports";
import { algorithmOf, digestOf } from "../../oci/digest";
import { Refusal } from "../refusal";

/** Refuses bytes that are not their descriptor's: discovery has hashed them already, but nothing else stands between a wrong layer and a verdict. Throws `DIGEST_MISMATCH` (T3). */
export function requireBytes({ layer, bytes }: Evidence): void {
  const actual = digestOf(bytes, algorithmOf(layer.digest));
  if (actual === layer.digest && bytes.length === layer.size) return;
  throw new Refusal(
    "DIGEST_MISMATCH",
    "the layer's bytes are not its digest's",
  );
}

import type { JsonObject } from "../../../oci/json";
import { Refusal } from "../../refusal";

/** What a signature must say besides, as `cosign sign -a` wrote it. */
export type WantedAnnotations = Readonly<Record<string, string>>;

/** Refuses a signature that does not say each wanted thing exactly; whatever else it says is its own. */
export function requireAnnotations(
  said: JsonObject,
  wanted: WantedAnnotations = {},
): void {
  for (const [name, value] of Object.entries(wanted)) {
    const seen = Object.hasOwn(said, name) ? said[name] : undefined;
    if (seen === value) continue;
    throw new Refusal(
      "ANNOTATION_MISMATCH",
      seen === undefined
        ? `it has no annotation ${JSON.stringify(name)}`
        : `its annotation ${JSON.stringify(name)} is ${JSON.stringify(seen)}, not ${JSON.stringify(value)}`,
    );
  }
}

import type { Reference } from "../../oci/reference";

/** The registry's host; a layout is its own host. */
export function hostOf(reference: Reference): string {
  return reference.kind === "registry" ? reference.registry : reference.path;
}

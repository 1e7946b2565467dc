import { parseReference } from "../../../../oci/reference";

/** Whether a reference could hold it. */
export function canBeNamed(registry: string, name: string): boolean {
  try {
    parseReference(`${registry}/${name}`);
    return true;
  } catch {
    return false; // whatever else a registry lists, nobody could ask for it
  }
}

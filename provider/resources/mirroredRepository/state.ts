import { repositoryOf } from "../../oci/reference";
import type { Values } from "../../mirror/lifecycle";
import type { Intent } from "./intent";
import { outputs, type Outputs } from "./outputs";

/** Reads state of any version we ever wrote. Members that are not ours are left out. */
export function readState(values: Values): Outputs {
  return outputs.parse(values);
}

/** State as plain values. */
export function writeState(state: Outputs): Values {
  return outputs.parse(state);
}

/** Id of a resource: its destination, as canonically written. */
export function idOf({ destination }: Pick<Intent, "destination">): string {
  return repositoryOf(destination);
}

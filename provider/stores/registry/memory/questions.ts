import { Flights } from "../../../mirror/flights";
import type { Served } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";

/** Questions under way: who asks the same at the same time shares the answer, and nobody gets an older one. */
export class Questions {
  readonly names = new Flights<Descriptor | undefined>();
  readonly served = new Flights<Served | undefined>();
  readonly contents = new Flights<Uint8Array>();
  readonly listings = new Flights<readonly Descriptor[]>();
  readonly presences = new Flights<boolean>();
  readonly tags = new Flights<readonly string[]>();
}

import type { FindCredential } from "../mirror/credential";
import type { Side } from "../mirror/errors";
import type { Destination, Stores } from "../mirror/ports";
import type { CloudRepositories } from "../mirror/repositories";
import type { Reference } from "../oci/reference";
import { layoutStore } from "./layout/layout";
import { systemClock, type Clock } from "./registry/pace/clock";
import { openRegistries } from "./registry/registry";
import type { Patience } from "./registry/pace/retry";
import type { RegistrySettings } from "./registry/settings";

/** What stores are opened with. */
export interface StoresOptions {
  readonly registries: readonly RegistrySettings[];
  readonly credentials: FindCredential;
  /** the machine's own unless a test brings another */
  readonly clock?: Clock;
  readonly patience?: Patience;
  /** lists the repositories of clouds whose registries do not */
  readonly cloudRepositories?: CloudRepositories;
}

/** Opens the place that a reference names, whatever kind it is. Places opened by one `Stores` share what they learn. */
export function openStores(options: StoresOptions): Stores {
  const registries = openRegistries({
    ...options,
    clock: options.clock ?? systemClock,
  });
  const place = (
    reference: Reference,
    side: Side,
    isWriter: boolean,
  ): Destination =>
    reference.kind === "layout"
      ? layoutStore(reference, side)
      : registries(reference, { side, isWriter });
  return {
    open: (reference, side) => place(reference, side, false),
    openForWriting: (reference) => place(reference, "destination", true),
    repositories: registries.repositories,
  };
}

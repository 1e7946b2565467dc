import { lookup as resolveName, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { addressKind, type AddressKind } from "./address";
import { AddressRefused } from "./noAnswer";
import { isAllowed, type Trust } from "./trust";

/** Asks the system what addresses a name has: `dns.lookup`, unless a test brings its own. */
export type Resolve = typeof resolveName;

/** Checks the very addresses that are dialled, so that a name which flips between two look-ups gains nothing (N07). */
export function guardedLookup(
  trust: Trust,
  learn: (kind: AddressKind) => void,
  resolve: Resolve = resolveName,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(
      hostname,
      { ...options, all: true },
      (error, found: LookupAddress[]) => {
        if (error) return callback(error, []);
        const kinds = found.map(({ address }) => addressKind(address));
        const wrong = kinds.findIndex((kind) => !isAllowed(kind, trust));
        if (wrong >= 0) {
          return callback(
            new AddressRefused(
              `${hostname} leads to the ${kinds[wrong]} address ${found[wrong]?.address}`,
            ),
            [],
          );
        }
        const [first] = found;
        if (trust === "named")
          learn(kinds.some((kind) => kind === "public") ? "public" : "private");
        if (options.all === true || first === undefined)
          return callback(null, found);
        return callback(null, first.address, first.family);
      },
    );
  };
}

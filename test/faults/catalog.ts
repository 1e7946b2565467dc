import { fault, type Fault } from "./fault";
import { atDestination } from "./faultsAtDestination";
import { atSource } from "./faultsAtSource";

export type { Fault } from "./fault";

/** Every fault that can be said as data, alone and in pairs. */
export const faults: readonly Fault[] = [
  ...atSource.map((row) => fault("source", row)),
  ...atDestination.map((row) => fault("destination", row)),
];

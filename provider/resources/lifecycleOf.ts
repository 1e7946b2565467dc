import type {
  Call,
  Desired,
  Lifecycle,
  Observed,
  Values,
} from "../mirror/lifecycle";
import type { World } from "./world";

/** A resource's verbs, a file each: as `Lifecycle` has them, with the world that they act in. */
interface Verbs {
  readonly check: InWorld<"check">;
  readonly plan: InWorld<"plan">;
  readonly apply: InWorld<"apply">;
  readonly remove: InWorld<"remove">;
  readonly pending: (
    world: World,
    desired: Desired & { readonly state: Values },
  ) => ReturnType<Lifecycle["pending"]>;
  readonly observe: (
    world: World,
    call: Call,
    seen: {
      readonly id: string;
      readonly inputs: Values;
      readonly state: Values;
    },
  ) => Promise<Observed | undefined>;
  readonly importById: (
    world: World,
    call: Call,
    id: string,
  ) => Promise<Observed | undefined>;
}

type InWorld<Verb extends "check" | "plan" | "apply" | "remove"> = (
  world: World,
  ...asked: Parameters<Lifecycle[Verb]>
) => ReturnType<Lifecycle[Verb]>;

/** The verbs as one lifecycle. What has no destination in its state was never mirrored: it is imported, by its id alone. */
export function lifecycleOf(verbs: Verbs): (world: World) => Lifecycle {
  return (world) => ({
    check: (call, values) => verbs.check(world, call, values),
    plan: (call, desired) => verbs.plan(world, call, desired),
    pending: (desired) => verbs.pending(world, desired),
    apply: (call, desired) => verbs.apply(world, call, desired),
    observe: (call, { id, inputs = {}, state }) =>
      state?.destination === undefined
        ? verbs.importById(world, call, id)
        : verbs.observe(world, call, { id, inputs, state }),
    remove: (call, gone) => verbs.remove(world, call, gone),
  });
}

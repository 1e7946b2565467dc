import type { Call, Observed, Values } from "../../mirror/lifecycle";
import type { World } from "../world";
import { inputs as shape, type Inputs } from "./inputs";
import { understand, type Intent } from "./intent";
import { lookAtBoth } from "./looking/look";
import type { Outputs } from "./outputs";
import { learn } from "./looking/learn";
import { rememberLook } from "./looking/rememberLook";
import { readState, writeState } from "./state";
import { watch } from "./looking/watch";

/**
 * What is really there: one list a side, and a HEAD only for what is new or, where tags may move, mirrored. What could not be asked leaves
 * the state as it was, with a warning (engine.md §13.4).
 */
export async function observe(
  world: World,
  call: Call,
  seen: {
    readonly id: string;
    readonly inputs: Values;
    readonly state: Values;
  },
): Promise<Observed> {
  const former = readState(seen.state);
  const { data: given } = shape.safeParse(seen.inputs);
  const intent = given && understand(seen.inputs);
  const state = intent ? await look(world, call, { intent, former }) : former;
  return {
    id: seen.id,
    inputs: withDigests(seen.inputs, wantedSoFar(former, given?.digests)),
    state: writeState(state),
  };
}

/** What waits for its age was asked for, and is not wanted yet: what was let in before is. */
function wantedSoFar(
  { digests, verdicts, candidates = {} }: Outputs,
  given: Inputs["digests"] = {},
): NonNullable<Inputs["digests"]> {
  const admitted = new Map(Object.entries(verdicts));
  const waiting = new Map(Object.entries(candidates));
  const wanted = Object.entries({ ...digests, ...given });
  return Object.fromEntries(
    wanted.flatMap(([tag, digest]) => {
      if (waiting.get(tag)?.digest !== digest) return [[tag, digest]];
      const before = admitted.get(tag)?.digest;
      return before === undefined ? [] : [[tag, before]];
    }),
  );
}

/** What is mirrored is wanted, also where it was chosen in an up without a look: so `ignoreChanges` has something to keep. */
function withDigests(
  inputs: Values,
  digests: NonNullable<Inputs["digests"]>,
): Values {
  return Object.keys(digests).length > 0 ? { ...inputs, digests } : inputs;
}

async function look(
  world: World,
  call: Call,
  { intent, former }: { readonly intent: Intent; readonly former: Outputs },
): Promise<Outputs> {
  const sides = await lookAtBoth(world, call, intent);
  const learned = await learn(world, call, { intent, former, sides });
  const { held, pending } = await watch(world, call, {
    intent,
    former,
    learned,
  });
  rememberLook(world, intent, { sides, former, learned, held });
  const { digests, candidates } = learned;
  return { ...former, digests, candidates, pending };
}

import { parseDigest } from "../../oci/digest";
import { MirrorError } from "../../mirror/errors";
import type { Call, Desired, Values } from "../../mirror/lifecycle";
import type { World } from "../world";
import { prove } from "../mirroring/examine";
import type { Intent } from "./intent";
import { readState, writeState } from "./state";

/** One resource's call, and whether it may write. */
export interface Turn {
  readonly world: World;
  readonly call: Call;
  readonly desired: Desired;
  readonly intent: Intent;
  readonly write: boolean;
}

/**
 * `onRefused: "keep"`: a refusal of something new leaves an artifact that is already mirrored at its admitted digest, with a warning.
 * Where somebody moved its tag in the meantime, the admitted digest must pass again, where it lies, before the tag is put back.
 */
export async function kept(
  turn: Turn,
  work: () => Promise<Values>,
): Promise<Values> {
  try {
    return await work();
  } catch (error) {
    const { state } = turn.desired;
    const isRefused = error instanceof MirrorError && error.fault === "refused";
    if (!isRefused || turn.intent.given.onRefused !== "keep" || !state)
      throw error;
    const admitted = readState(state).verification?.digest;
    if (admitted === undefined) throw error;
    turn.call.tell({
      kind: "warning",
      text: `kept at ${admitted} (onRefused: "keep"): ${error.message}`,
    });
    return readState(state).digest === admitted
      ? state
      : putBack(turn, admitted, state);
  }
}

async function putBack(
  { world, call, intent, write }: Turn,
  admitted: string,
  state: Values,
): Promise<Values> {
  const { reach } = call;
  const digest = parseDigest(admitted);
  const copy = world.stores.open(intent.destination, "destination");
  const { artifact } = await prove(world, copy, {
    wish: intent,
    digest,
    reach,
  });
  if (write) {
    await world.stores
      .openForWriting(intent.destination)
      .tag(intent.destination.tag, artifact.root, reach);
  }
  const remembered = readState(state);
  const ref = `${copy.repository}@${digest}`;
  return writeState({ ...remembered, digest, ref });
}

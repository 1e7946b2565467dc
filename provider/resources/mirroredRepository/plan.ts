import {
  unknown,
  unknownNames,
  type Call,
  type Desired,
  type Values,
} from "../../mirror/lifecycle";
import type { World } from "../world";
import { problemOf } from "./telling/problems";
import { remember } from "./working/remember";
import { writeState } from "./state";
import { turnOf } from "./working/turn";
import { tellWork } from "./telling/tellWork";
import { work } from "./working/work";

/** A preview: judges every tag that needs it, says what would change, and writes nothing. All refusals come in one error. */
export async function plan(
  world: World,
  call: Call,
  desired: Desired,
): Promise<Values> {
  const missing = unknownNames(desired.inputs);
  if (missing.length > 0) return deferred(call, desired, missing);
  const done = await work(turnOf({ world, call, write: false }, desired));
  call.reach.signal.throwIfAborted();
  tellWork(done);
  const problem = problemOf(done);
  if (problem) throw problem;
  return writeState(remember(done));
}

function deferred(
  call: Call,
  { inputs }: Desired,
  missing: readonly string[],
): Values {
  call.tell({
    kind: "warning",
    text: `${missing.join(", ")} not known yet: the tags will be chosen and judged in up`,
  });
  const { source, destination, digests = unknown } = inputs;
  return {
    source,
    destination,
    repository: unknown,
    digests,
    verdicts: unknown,
    selection: unknown,
    pending: unknown,
  };
}

import {
  PartialError,
  type Call,
  type Desired,
  type Values,
} from "../../mirror/lifecycle";
import type { World } from "../world";
import { problemOf } from "./telling/problems";
import { remember } from "./working/remember";
import { idOf, writeState } from "./state";
import { tellWork } from "./telling/tellWork";
import { turnOf } from "./working/turn";
import { those, work } from "./working/work";

/** Copies every tag that is let in, whatever becomes of the others. What was not done is an error, with which the state of what was done is kept. */
export async function apply(
  world: World,
  call: Call,
  desired: Desired,
): Promise<{ id: string; state: Values }> {
  const turn = turnOf({ world, call, write: true }, desired);
  const done = await work(turn);
  tellWork(done);
  const id = idOf(turn.intent);
  const state = writeState(remember(done));
  const problem = problemOf(done);
  if (!problem) return { id, state };
  const isVain = (["admitted", "refused"] as const).every(
    (kind) => those(done, kind).length === 0,
  );
  if (isVain && desired.state === undefined) throw problem;
  const { inputs } = desired;
  throw new PartialError({ id, state, inputs }, [problem.message], {
    cause: problem,
  });
}

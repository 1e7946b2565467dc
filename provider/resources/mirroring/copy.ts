import type { Call } from "../../mirror/lifecycle";
import { transfer, type Progress } from "../../mirror/transfer";
import type { Plan } from "../../mirror/plan";
import type { World } from "../world";
import { proveCopy, type Bench, type Examined } from "./examine";
import { planAt } from "./planAt";
import type { Wish } from "./wish";
import { progressText } from "./words";

/** Copies what was let in, judges the copy where it lies, and only then moves the tag. Writes nothing where the plan is not wanted. */
export async function copy(
  {
    world,
    call,
    bench,
  }: {
    readonly world: World;
    readonly call: Call;
    readonly bench?: Bench;
  },
  wish: Wish,
  at: {
    readonly examined: Examined;
    readonly isNew: boolean;
    /** the last word, when it is known what the tag names */
    readonly isWanted?: (planned: Plan) => boolean;
    /** absent where the user is told of this copy by itself */
    readonly onProgress?: (progress: Progress) => void;
  },
): Promise<Plan> {
  const { examined, isNew } = at;
  const { reach } = call;
  const tell = (progress: Progress) =>
    call.tell({ kind: "progress", text: progressText(progress) });
  const { digest } = examined.admitted.artifact.root.descriptor;
  const destination = world.stores.openForWriting(wish.destination);
  const how = { destination, call, isNew, isShown: false };
  const planned = await planAt(wish, examined, how);
  if (at.isWanted?.(planned) === false) return planned;
  await transfer(planned, destination, {
    reach,
    prove: () =>
      proveCopy(world, destination, { wish, examined, reach, bench }),
    onProgress: at.onProgress ?? tell,
  });
  world.memory.written.add(`${destination.repository}@${digest}`);
  return planned;
}

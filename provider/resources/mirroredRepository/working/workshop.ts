import type { Call } from "../../../mirror/lifecycle";
import { openBench, type Bench } from "../../mirroring/examine";
import { tellOnce } from "../../tellOnce";
import type { Frame } from "./frame";
import { Progress } from "./progress";
import { Patience } from "./patience";
import type { Turn } from "./turn";

/** What all tags of one call share. */
export interface Workshop {
  readonly turn: Turn;
  readonly frame: Frame;
  /** the call, in which nothing is said twice, and no tag speaks of its progress alone */
  readonly call: Call;
  readonly progress: Progress;
  readonly patience: Patience;
  /** the policy, made ready when the first tag needs it */
  bench(): Promise<Bench>;
}

/** Opens it for so many tags. */
export function openWorkshop(turn: Turn, frame: Frame, tags: number): Workshop {
  const { world, call, intent, write } = turn;
  const { reach } = call;
  let bench: Promise<Bench> | undefined;
  const open = async (): Promise<Bench> => {
    const copy = world.stores.open(intent.destination, "destination");
    const opened = await openBench(world, intent, { reach, copy });
    tellOnce(world, call, opened.atSource.warnings);
    return opened;
  };
  return {
    turn,
    frame,
    call: {
      reach,
      tell: ({ kind, text }) => {
        if (kind === "warning") tellOnce(world, call, [text]);
      },
    },
    progress: new Progress({ tags, verb: write ? "mirrored" : "judged" }, call),
    patience: new Patience(),
    bench: () => (bench ??= open()),
  };
}

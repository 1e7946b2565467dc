import { frameOf, type Frame } from "./frame";
import { mirrorTags } from "./mirrorTags";
import type { Outcome } from "./outcome";
import { prune, type Pruned } from "./prune";
import { tasksOf, type Task } from "./task";
import type { Turn } from "./turn";
import { askUnasked } from "./askUnasked";
import { openWorkshop } from "./workshop";

/** What became of all tags. */
export interface Work {
  readonly turn: Turn;
  readonly frame: Frame;
  readonly tasks: readonly Task[];
  /** by tag at the destination */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly pruned: Pruned;
}

/** Judges every tag that needs it and, where the turn may write, copies what is let in and removes what is to go. */
export async function work(turn: Turn): Promise<Work> {
  const frame = await frameOf(turn);
  await askUnasked(turn, frame);
  const tasks = tasksOf(turn, frame);
  const open = tasks.filter(({ isSettled }) => !isSettled).length;
  const outcomes = await mirrorTags(openWorkshop(turn, frame, open), tasks);
  const pruned = await prune(turn, frame, outcomes);
  return { turn, frame, tasks, outcomes, pruned };
}

/** Tags whose outcome is of one kind, in the order in which they were asked for. */
export function those<Kind extends Outcome["kind"]>(
  { tasks, outcomes }: Pick<Work, "tasks" | "outcomes">,
  kind: Kind,
): readonly Found<Kind>[] {
  return tasks.flatMap((task) => {
    const outcome = outcomes.get(task.tag);
    return isOf(outcome, kind) ? [{ task, outcome }] : [];
  });
}

/** A tag, and what became of it. */
export interface Found<Kind extends Outcome["kind"]> {
  readonly task: Task;
  readonly outcome: Extract<Outcome, { kind: Kind }>;
}

function isOf<Kind extends Outcome["kind"]>(
  outcome: Outcome | undefined,
  kind: Kind,
): outcome is Extract<Outcome, { kind: Kind }> {
  return outcome?.kind === kind;
}

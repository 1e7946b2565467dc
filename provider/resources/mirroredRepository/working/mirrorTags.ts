import { mapBounded } from "../../../mirror/bounded";
import { MirrorError } from "../../../mirror/errors";
import { textOf } from "../../../mirror/textOf";
import { mirrorTag } from "./mirrorTag";
import type { Outcome } from "./outcome";
import { refusalOf } from "./tagRecord";
import type { Task } from "./task";
import type { Workshop } from "./workshop";

const tagsAtOnce = 8;

/** Sees to every tag, several at once; what becomes of one does not stop the others. */
export async function mirrorTags(
  shop: Workshop,
  tasks: readonly Task[],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = await mapBounded(tasks, tagsAtOnce, async (task) => {
    const outcome = await outcomeFor(shop, task);
    const error = outcome.kind === "failed" ? outcome.error : undefined;
    // what is settled asked nobody, so nobody answered
    if (outcome.kind !== "settled") shop.patience.note(error);
    shop.progress.done(task.tag);
    return [task.tag, outcome] as const;
  });
  return new Map(outcomes);
}

async function outcomeFor(shop: Workshop, task: Task): Promise<Outcome> {
  const { signal } = shop.call.reach;
  const { digest } = task;
  if (signal.aborted) return { kind: "failed", digest, error: stopped(signal) };
  const { reason } = shop.patience;
  if (reason) return { kind: "failed", digest, error: notAsked(reason) };
  try {
    return await mirrorTag(shop, task);
  } catch (error) {
    if (signal.aborted)
      return { kind: "failed", digest, error: stopped(signal) };
    if (!(error instanceof MirrorError)) throw error;
    return error.fault === "refused"
      ? refusedLate(shop, task, error)
      : { kind: "failed", digest, error };
  }
}

/** A no that came after the judgement: by its age, or where the copy lies. */
function refusedLate(
  { turn }: Workshop,
  { tag, digest = "" }: Task,
  { code, why, where }: MirrorError,
): Outcome {
  const meant = where.reference?.split("@")[1] ?? digest;
  const refusal = refusalOf(
    { digest: meant, code, reason: why },
    turn.remembered.refused.get(tag),
    turn.call.reach.now(),
  );
  return { kind: "refused", refusal, against: [] };
}

function stopped(signal: AbortSignal): MirrorError {
  const reason: unknown = signal.reason;
  if (reason instanceof MirrorError) return reason;
  return new MirrorError({
    fault: "cancelled",
    code: "CANCELLED",
    what: "stopped before the end",
    why: textOf(reason),
    remedy: "run again: what has arrived is not copied a second time",
  });
}

function notAsked(cause: MirrorError): MirrorError {
  return new MirrorError({
    fault: "unreachable",
    code: cause.code,
    what: "was not asked for",
    where: cause.where.side === undefined ? {} : { side: cause.where.side },
    why: "it did not answer for several tags in a row",
    remedy: cause.remedy,
    cause,
  });
}

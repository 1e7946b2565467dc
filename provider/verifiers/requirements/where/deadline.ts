import { createContext, Script } from "node:vm";

const call = new Script("work()");
const timedOut = "ERR_SCRIPT_EXECUTION_TIMEOUT";

/** Thrown when work took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Does synchronous work, and interrupts it, wherever it is, when it takes longer. Throws `DeadlineError`, or what the work throws. */
export function withinDeadline<T>(work: () => T, timeoutMs: number): T {
  const done: { readonly result: T }[] = [];
  const context = createContext({
    work: () => {
      done.push({ result: work() });
    },
  });
  try {
    call.runInContext(context, { timeout: timeoutMs });
  } catch (cause) {
    const { code } = Object(cause);
    if (code !== timedOut) throw cause;
    throw new DeadlineError(`took longer than ${timeoutMs} ms`, { cause });
  }
  const [end] = done;
  if (!end) throw new DeadlineError("did not end");
  return end.result;
}

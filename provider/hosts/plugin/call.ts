import { MirrorError } from "../../mirror/errors";
import type { Call } from "../../mirror/lifecycle";
import type { Reach } from "../../mirror/ports";
import type { MarkedValues } from "../marked";
import type { Redact } from "../redact";
import { createTeller } from "./engineLog";
import { CallFailure, toFailure } from "./failure";
import type { Session } from "./session";
import { underWay } from "./underWay";

/** Which call of which resource this is. */
export interface About {
  readonly urn: string;
  /** as the user knows it, for `customTimeouts` */
  readonly verb: "check" | "create" | "read" | "update" | "delete" | "invoke";
  /** everything it carries, for the redactor */
  readonly values: readonly MarkedValues[];
  readonly timeoutSeconds?: number;
}

/** How long work may go on after it was told to stop. Cancel is over in two seconds (engine.md 8). */
const graceMs = 1500;

/** Runs one call: within its deadline, heard by the engine, and without a secret in what it says or throws. */
export async function runCall<Answer>(
  session: Session,
  about: About,
  work: (call: Call, redact: Redact) => Promise<Answer>,
): Promise<Answer> {
  const redact = session.redactor(about.values);
  const { engine, configured } = session;
  const teller = createTeller({ engine, urn: about.urn, redact });
  const doing = underWay(configured.send);
  const deadline = startDeadline(about, () => doing.words());
  const signal = AbortSignal.any([session.cancelled, deadline.signal]);
  const tell: Call["tell"] = (message) => {
    if (message.kind === "progress") doing.note(message.text);
    teller.tell(message);
  };
  const reach: Reach = {
    send: doing.send,
    signal,
    now: () => new Date(),
    notice: ({ kind, text }) =>
      tell({ kind: kind === "waiting" ? "progress" : kind, text }),
  };
  try {
    return await endedBy(signal, work({ reach, tell }, redact));
  } catch (error) {
    const isOver = signal.aborted && !(error instanceof CallFailure);
    throw toFailure(isOver ? signal.reason : error, redact);
  } finally {
    deadline.stop();
    await teller.end();
  }
}

function startDeadline(
  { verb, timeoutSeconds }: About,
  doing: () => string,
): {
  readonly signal: AbortSignal;
  stop(): void;
} {
  const controller = new AbortController();
  const seconds = timeoutSeconds ?? 0;
  if (seconds <= 0) return { signal: controller.signal, stop: () => undefined };
  const over = (): MirrorError =>
    new MirrorError({
      fault: "cancelled",
      code: "CANCELLED",
      what: "stopped before the end",
      why: `customTimeouts.${verb} of ${seconds} s is over${doing()}`,
      remedy:
        "raise it, and run again: what has arrived already is not copied a second time",
    });
  const timer = setTimeout(() => controller.abort(over()), seconds * 1000);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** The work's answer; or the signal's reason, when the work does not end soon after it. */
function endedBy<Answer>(
  signal: AbortSignal,
  work: Promise<Answer>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    });
  });
}

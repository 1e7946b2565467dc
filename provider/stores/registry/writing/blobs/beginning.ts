import type { Reach } from "../../../../mirror/ports";
import { stopped, type Asked } from "../../wire/wireError";

const lingerMs = 400;

/** Begins something that only its answer can name. Who is stopped meanwhile waits a moment more for that answer, and gives up what it names (N65). */
export async function begin<Begun>(
  reach: Reach,
  asked: Asked,
  by: {
    readonly work: (reach: Reach) => Promise<Begun>;
    readonly giveUp: (begun: Begun) => Promise<void>;
  },
): Promise<Begun> {
  const { signal } = reach;
  if (signal.aborted) throw stopped(signal, asked);
  const controller = new AbortController();
  const linger = () =>
    AbortSignal.timeout(lingerMs).addEventListener("abort", () =>
      controller.abort(signal.reason),
    );
  signal.addEventListener("abort", linger, { once: true });
  try {
    const begun = await by.work({ ...reach, signal: controller.signal });
    if (!signal.aborted) return begun;
    await by.giveUp(begun);
    throw stopped(signal, asked);
  } finally {
    signal.removeEventListener("abort", linger);
  }
}

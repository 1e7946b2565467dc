/** Lets the first request to a repository go alone: the challenge that it meets spares all others a refusal each (W29). */
export class Introduction {
  readonly #known = new Set<string>();
  readonly #meeting = new Map<string, Promise<void>>();

  /** Sends, once the first request of all was answered or has failed. Throws the signal's reason when it aborts meanwhile. */
  async meet<Answer>(
    repository: string,
    signal: AbortSignal,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const meeting = this.#meeting.get(repository);
    if (meeting) await orAborted(meeting, signal);
    if (this.#known.has(repository)) return send();
    this.#known.add(repository);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#meeting.set(repository, promise);
    try {
      return await send();
    } finally {
      this.#meeting.delete(repository);
      resolve();
    }
  }
}

async function orAborted(
  meeting: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([meeting, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

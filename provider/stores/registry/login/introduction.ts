import { orAborted } from "../../../mirror/orAborted";

/** Lets the first request to a host go alone: the challenge that it meets spares all others a refusal each (W29). */
export class Introduction {
  readonly #known = new Set<string>();
  readonly #meeting = new Map<string, Promise<void>>();

  /** Sends, once the first request of all was answered or has failed. Throws the signal's reason when it aborts meanwhile. */
  async meet<Answer>(
    origin: string,
    signal: AbortSignal,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const meeting = this.#meeting.get(origin);
    if (meeting) await orAborted(meeting, signal);
    if (this.#known.has(origin)) return send();
    this.#known.add(origin);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#meeting.set(origin, promise);
    try {
      return await send();
    } finally {
      this.#meeting.delete(origin);
      resolve();
    }
  }
}

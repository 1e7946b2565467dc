const windowMs = 60_000;
const leastPerSecond = 16;

/** Hands chunks on as long as they come at 16 KiB a second, over a minute of waiting for them (W15); how long the reader takes does not count. */
export async function* swift(
  chunks: AsyncIterable<Uint8Array>,
  now: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const meter = new Meter("sends");
  let asked = now();
  for await (const chunk of chunks) {
    meter.add(chunk.byteLength, now() - asked);
    yield chunk;
    asked = now();
  }
}

/** Gives chunks as long as they are taken at that speed (W15); how long the source takes does not count. */
export async function* swiftlyTaken(
  chunks: AsyncIterable<Uint8Array>,
  now: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const meter = new Meter("takes");
  for await (const chunk of chunks) {
    const given = now();
    yield chunk;
    meter.add(chunk.byteLength, now() - given);
  }
}

/** Counts bytes against the time that they were waited for; throws where they were too few. */
class Meter {
  #bytes = 0;
  #waitedMs = 0;

  constructor(private readonly does: "sends" | "takes") {}

  add(bytes: number, waitedMs: number): void {
    this.#bytes += bytes;
    this.#waitedMs += waitedMs;
    if (this.#waitedMs < windowMs) return;
    const least = (this.#waitedMs / 1000) * leastPerSecond;
    if (this.#bytes / 1024 < least)
      throw new Error(
        `it ${this.does} less than ${leastPerSecond} KiB a second`,
      );
    this.#bytes = 0;
    this.#waitedMs = 0;
  }
}

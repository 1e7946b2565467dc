const windowMs = 60_000;
const leastPerSecond = 16;

/** Hands chunks on as long as they come at 16 KiB a second, over a minute of waiting for them (W15); how long the reader takes does not count. */
export async function* swift(
  chunks: AsyncIterable<Uint8Array>,
  now: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let waited = 0;
  let bytes = 0;
  let asked = now();
  for await (const chunk of chunks) {
    waited += now() - asked;
    bytes += chunk.byteLength;
    if (waited >= windowMs) {
      refuseSlow(bytes, waited);
      waited = 0;
      bytes = 0;
    }
    yield chunk;
    asked = now();
  }
}

function refuseSlow(bytes: number, ms: number): void {
  if (bytes / 1024 >= (ms / 1000) * leastPerSecond) return;
  throw new Error(`it sends less than ${leastPerSecond} KiB a second`);
}

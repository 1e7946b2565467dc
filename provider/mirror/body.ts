import type { Response } from "./ports";

/** At most `maxBytes` of a body that nobody hashes, and no more: for error texts (W31). */
export async function readPart(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= maxBytes) break;
    }
  } finally {
    await response.discard();
  }
  return joined(chunks).subarray(0, maxBytes);
}

/** All chunks in memory of their own: whoever keeps a slice of Node's shared pool keeps 64 KiB of it. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const size = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const whole = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** The whole body, or `undefined` where it is longer than `maxBytes`; counted while reading, not by a header (W54). */
export async function readWhole(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const body = await readPart(response, maxBytes + 1);
  return body.byteLength > maxBytes ? undefined : body;
}

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
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** The whole body, or `undefined` where it is longer than `maxBytes`; counted while reading, not by a header (W54). */
export async function readWhole(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const body = await readPart(response, maxBytes + 1);
  return body.byteLength > maxBytes ? undefined : body;
}

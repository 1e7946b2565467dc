import type { Request, Response } from "../../mirror/ports";

/** One header's first value. */
export function header(response: Response, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** A header that must be a plain count; anything else counts as missing. */
export function countHeader(
  response: Response,
  name: string,
): number | undefined {
  const text = header(response, name);
  return text !== undefined && /^\d{1,15}$/.test(text)
    ? Number(text)
    : undefined;
}

/** Whether the same request can be sent twice. */
export function isReplayable(request: Request): boolean {
  return request.body === undefined || request.body instanceof Uint8Array;
}

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

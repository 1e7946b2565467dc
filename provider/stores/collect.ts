import { joined } from "../mirror/body";

/** All chunks as one piece; whoever makes them bounds them. Each is copied, for its memory may be used again. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return joined(all);
}

/** Bytes that are here already, as a stream of one chunk. */
export async function* streamOf(
  bytes: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

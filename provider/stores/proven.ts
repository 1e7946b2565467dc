import { MirrorError, type Code, type Where } from "../mirror/errors";
import type { Descriptor } from "../oci/descriptor";
import { algorithmOf, hasher } from "../oci/digest";

/** What watches described content on its way. */
interface Watch {
  /** how many bytes are described */
  readonly size: number;
  see(chunk: Uint8Array): void;
  /** Throws unless what was seen is what is described; `count` exceeds the size by what came too much. */
  prove(count: number): void;
}

/** Hands on what comes, never more than is described. The chunk that completes it waits for the end of the stream and for the proof. */
export async function* held(
  chunks: AsyncIterable<Uint8Array>,
  watch: Watch,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  let last: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (chunk.byteLength === 0) continue;
    count += chunk.byteLength;
    if (count > watch.size) break;
    watch.see(chunk);
    if (count < watch.size) yield chunk;
    else last = chunk;
  }
  watch.prove(count);
  if (last !== undefined) yield last;
}

/**
 * Hands on the chunks of some described content, the last one only when digest and size are proven; else it throws `MirrorError`
 * with fault `corrupt`.
 */
export function proven(
  chunks: AsyncIterable<Uint8Array>,
  node: Descriptor,
  where: Where,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = hasher(algorithmOf(node.digest));
  return held(chunks, {
    size: node.size,
    see: (chunk) => hash.update(chunk),
    prove: (size) => requireSame({ node, size, digest: hash.digest() }, where),
  });
}

interface Read {
  readonly node: Descriptor;
  readonly size: number;
  readonly digest: string;
}

function requireSame({ node, size, digest }: Read, where: Where): void {
  if (size !== node.size) {
    const than = size > node.size ? "more than" : `${size} instead of`;
    throw corrupt("SIZE_MISMATCH", `it has ${than} ${node.size} bytes`, where);
  }
  if (digest !== node.digest) {
    const why = `its bytes have the digest ${digest}, not ${node.digest}`;
    throw corrupt("DIGEST_MISMATCH", why, where);
  }
}

function corrupt(code: Code, why: string, where: Where): MirrorError {
  return new MirrorError({
    fault: "corrupt",
    code,
    what: "could not read the content",
    where,
    why,
    remedy: "have it pushed there again",
  });
}

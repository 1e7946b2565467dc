import { MirrorError, type Code, type Where } from "../mirror/errors";
import type { Descriptor } from "../oci/descriptor";
import { algorithmOf, hasher } from "../oci/digest";

/**
 * Hands on the chunks of some described content. The last one is held back until digest and size are proven, and no more than
 * the described size is ever read; else it throws `MirrorError` with fault `corrupt`.
 */
export async function* proven(
  chunks: AsyncIterable<Uint8Array>,
  node: Descriptor,
  where: Where,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = hasher(algorithmOf(node.digest));
  let held: Uint8Array | undefined;
  let size = 0;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    size += chunk.length;
    if (size > node.size) break;
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  requireSame({ node, size, digest: hash.digest() }, where);
  if (held !== undefined) yield held;
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

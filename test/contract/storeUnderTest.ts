import { MirrorError, type Fault } from "../../provider/mirror/errors";
import type {
  Copying,
  Destination,
  Node,
  Reach,
  Source,
} from "../../provider/mirror/ports";
import type { Digest } from "../../provider/oci/digest";
import { memorySource, type Content } from "./storeSamples";

/** One empty place, seen from both sides. */
export interface StoreUnderTest {
  readonly destination: Destination;
  /** the same place, opened for reading only */
  readonly source: Source;
  readonly reach: Reach;
  /** Puts bytes under a digest that is not theirs, past all checks. */
  plant(digest: Digest, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Copies one blob into the store. */
export async function bring(
  store: StoreUnderTest,
  blob: Content,
): Promise<void> {
  const from = memorySource([blob]);
  await store.destination.copyFrom(from, blob.descriptor, quiet(store.reach));
}

/** Puts a manifest and points tags at it. */
export async function putTagged(
  { destination, reach }: StoreUnderTest,
  node: Node,
  tags: readonly string[],
): Promise<void> {
  await destination.put(node, reach);
  for (const tag of tags) await destination.tag(tag, node, reach);
}

/** All bytes that `open` hands out. */
export async function drain(
  { source, reach }: StoreUnderTest,
  blob: Content,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open(blob.descriptor, reach)) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** The fault of the `MirrorError` that is thrown; fails for anything else. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => new Error("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MirrorError) return error.fault;
  throw error;
}

/** The nodes in an order of their own. */
export function byDigest<T extends { readonly digest: string }>(
  nodes: readonly T[],
): readonly T[] {
  return nodes.toSorted((one, two) => one.digest.localeCompare(two.digest));
}

/** A copy that tells nobody about its bytes. */
export function quiet(reach: Reach): Copying {
  return { reach, onBytes: () => undefined };
}

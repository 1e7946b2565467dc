import { mapBounded } from "./bounded";
import type { Copy } from "./moves";
import { offered } from "./offered";
import type { Plan } from "./plan";
import type { Destination, Node, Reach } from "./ports";
import type { Admitted } from "./verify";

const copiesAtOnce = 4;
const putsAtOnce = 8;

/** How far a transfer has come. */
export interface Progress {
  readonly blobs: number;
  readonly blobsDone: number;
  readonly bytes: number;
  readonly bytesDone: number;
}

/** What a transfer asks back while it writes. */
export interface Watched {
  /** judges the policy again against the destination alone; throws what it refuses */
  readonly prove: () => Promise<Admitted>;
  readonly onProgress: (progress: Progress) => void;
}

/** Writes a plan: blobs, child manifests, root, evidence deepest first; then, once the copy has been judged where it lies, the tag. */
export async function transfer(
  plan: Plan,
  destination: Destination,
  watched: Watched & { readonly reach: Reach },
): Promise<Admitted> {
  const { reach } = watched;
  const count = counter(plan, watched.onProgress);
  const { blobs, manifests } = await offered(plan, destination, reach);
  await copyBlobs(blobs, { destination, reach, count });
  await putAll(manifests, destination, reach);
  await copyBlobs(plan.evidenceBlobs, { destination, reach, count });
  for (const node of plan.evidence) await destination.put(node, reach);
  for (const { tag, node } of plan.evidenceTags)
    await destination.tag(tag, node, reach);
  const proven = await watched.prove();
  if (plan.tag) await destination.tag(plan.tag.tag, plan.tag.node, reach);
  return proven;
}

interface Count {
  onBytes(count: number): void;
  onBlob(): void;
}

function counter(
  { blobs, evidenceBlobs }: Plan,
  onProgress: (progress: Progress) => void,
): Count {
  const all = [...blobs, ...evidenceBlobs];
  const total = {
    blobs: all.length,
    bytes: all.reduce((sum, { blob }) => sum + blob.size, 0),
  };
  let blobsDone = 0;
  let bytesDone = 0;
  const say = () => onProgress({ ...total, blobsDone, bytesDone });
  return {
    onBytes: (count) => {
      bytesDone += count;
      say();
    },
    onBlob: () => {
      blobsDone++;
      say();
    },
  };
}

async function copyBlobs(
  copies: readonly Copy[],
  by: {
    readonly destination: Destination;
    readonly reach: Reach;
    readonly count: Count;
  },
): Promise<void> {
  const onBytes = (count: number) => by.count.onBytes(count);
  await mapBounded(copies, copiesAtOnce, async ({ blob, from, isAbsent }) => {
    const how = { reach: by.reach, onBytes, ...(isAbsent && { isAbsent }) };
    await by.destination.copyFrom(from, blob, how);
    by.count.onBlob();
  });
}

/** Images in any order, since none names another; then indexes one by one, children first. */
async function putAll(
  nodes: readonly Node[],
  destination: Destination,
  reach: Reach,
): Promise<void> {
  const indexes = nodes.filter(({ manifest }) => manifest.kind === "index");
  const images = nodes.filter(({ manifest }) => manifest.kind === "manifest");
  await mapBounded(images, putsAtOnce, (node) => destination.put(node, reach));
  for (const node of indexes) await destination.put(node, reach);
}

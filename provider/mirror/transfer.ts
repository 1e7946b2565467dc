import { eachBounded } from "./bounded";
import { MirrorError } from "./errors";
import type { Copy } from "./moves";
import { offered } from "./offered";
import type { Plan } from "./plan";
import type { Destination, Node, Reach } from "./ports";
import type { Admitted } from "./verify";

const copiesAtOnce = 8;
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
  const copies = [...blobs, ...plan.evidenceBlobs];
  const by = { destination, reach, count };
  await copyBlobs(copies, by);
  await putArtifact(plan, manifests, by);
  for (const node of plan.evidence) await destination.put(node, reach);
  await eachBounded(
    plan.evidenceTags,
    { limit: putsAtOnce, reach },
    ({ tag, node }, linked) => destination.tag(tag, node, linked),
  );
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
  by: Writing & { readonly count: Count },
): Promise<void> {
  const { destination, count } = by;
  const onBytes = (bytes: number) => count.onBytes(bytes);
  await eachBounded(
    copies,
    { limit: copiesAtOnce, reach: by.reach },
    async ({ blob, from, isAbsent }, reach) => {
      const how = { reach, onBytes, ...(isAbsent && { isAbsent }) };
      await destination.copyFrom(from, blob, how);
      count.onBlob();
    },
  );
}

interface Writing {
  readonly destination: Destination;
  readonly reach: Reach;
}

/** What a registry turns out not to have, lost after it had taken it (F34) or not named when it was offered an image, comes once more. */
async function putArtifact(
  { admitted, blobs }: Plan,
  manifests: readonly Node[],
  by: Writing & { readonly count: Count },
): Promise<void> {
  try {
    await putAll(manifests, by);
  } catch (error) {
    if (!isLost(error)) throw error;
    const again = blobs.map(({ blob, from }) => ({ blob, from }));
    const isCounted = { onBytes: () => {}, onBlob: () => {} };
    await copyBlobs(again, { ...by, count: isCounted });
    await putAll(admitted.artifact.manifests, by);
  }
}

const lostCodes = new Set(["NOT_FOUND_BLOB", "NOT_FOUND_MANIFEST"]);

function isLost(error: unknown): boolean {
  if (!(error instanceof MirrorError)) return false;
  return error.fault === "conflict" && lostCodes.has(error.code);
}

/** Images in any order, since none names another; then indexes one by one, children first. */
async function putAll(
  nodes: readonly Node[],
  { destination, reach }: Writing,
): Promise<void> {
  const indexes = nodes.filter(({ manifest }) => manifest.kind === "index");
  const images = nodes.filter(({ manifest }) => manifest.kind === "manifest");
  const how = { limit: putsAtOnce, reach };
  await eachBounded(images, how, (node, linked) =>
    destination.put(node, linked),
  );
  for (const node of indexes) await destination.put(node, reach);
}

import type { Digest } from "../oci/digest";
import { blobsOf } from "../oci/manifest";
import { eachBounded } from "./bounded";
import type { Plan } from "./plan";
import type { Destination, Node, Reach } from "./ports";

const offersAtOnce = 8;
/** with fewer blobs, asking for each costs no more */
const minBlobs = 3;

/** What is left to write. */
type Left = Pick<Plan, "blobs" | "manifests">;

/**
 * An update mostly has layers that are there: offered first, an image is taken, or the answer says all that is missing in one request
 * (performance.md §3.4). Only by digest, and only where the place refuses what is incomplete; the tag comes last all the same.
 */
export async function offered(
  plan: Plan,
  destination: Destination,
  reach: Reach,
): Promise<Left> {
  if (plan.isAsked || plan.tag?.was === undefined) return plan;
  const images = plan.manifests.filter(
    ({ manifest }) => blobsOf(manifest).length >= minBlobs,
  );
  const known = new Map<Digest, boolean>();
  const written = new Set<Node>();
  const how = { limit: offersAtOnce, reach };
  await eachBounded(images, how, async (node, linked) => {
    const missing = await destination.offer(node, linked);
    if (missing === undefined) return;
    if (missing.length === 0) written.add(node);
    for (const { digest } of blobsOf(node.manifest))
      known.set(digest, !missing.includes(digest));
  });
  return {
    blobs: plan.blobs
      .filter(({ blob }) => known.get(blob.digest) !== true)
      .map((copy) => ({ ...copy, isAbsent: known.has(copy.blob.digest) })),
    manifests: plan.manifests.filter((node) => !written.has(node)),
  };
}

import { gzipSync } from "node:zlib";
import { bytesOf, manifest, type Blob } from "../samples/artifacts";
import type { Sample } from "../samples/target";

const image = "application/vnd.oci.image";

/** A layer in gzip, stored: skopeo writes anew what is no gzip, and would look slow for the wrong reason. */
export function gzipLayer(seed: string, size: number): Blob {
  const bytes = gzipSync(bytesOf(seed, size), { level: 0 });
  return { mediaType: `${image}.layer.v1.tar+gzip`, bytes };
}

/** An image over layers; its configuration says no more than it must. */
export function imageOver(
  seed: string,
  layers: readonly Blob[],
  architecture = "amd64",
): Sample {
  const content = { architecture, os: "linux", config: {}, seed };
  const bytes = Buffer.from(JSON.stringify(content));
  const config = { mediaType: `${image}.config.v1+json`, bytes };
  return manifest({ config, layers, platform: `linux/${architecture}` });
}

/** An image with layers of these sizes. */
export function gzipImage(
  seed: string,
  {
    sizes,
    architecture,
  }: { readonly sizes: readonly number[]; readonly architecture: string },
): Sample {
  const layers = sizes.map((size, at) => gzipLayer(`${seed}/${at}`, size));
  return imageOver(seed, layers, architecture);
}

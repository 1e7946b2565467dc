import type { Values } from "../../../provider/mirror/lifecycle";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import type { RegistryOptions } from "../../registry/options";
import { bytesOf, image, manifest } from "../../samples/artifacts";
import { attachLegacy, attachReferrer } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import { inRegistry, put, type Sample } from "../../samples/target";
import { openProcess, type Process } from "./process";

const signer = keySigner();
const unverified = { unverified: "the test counts requests" };
const signed = {
  signedBy: [{ key: { publicKey: signer.publicKeyPem, tlog: "not-required" } }],
};

/** How an artifact is signed. */
export type Signed = "not" | "by tag" | "by referrer";

/** Two registries, and provider processes between them. */
export interface Counting {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  open(): Process;
  /** puts an artifact under `1` at the source, and answers what declares its mirror */
  publish(sample: Sample, how: Signed, name?: string): Promise<Values>;
}

/** Opens two registries with token servers for the length of the work; like distribution, they take no single POST. */
export async function counting(
  work: (scene: Counting) => Promise<void>,
  options: RegistryOptions = {},
): Promise<void> {
  const [source, destination] = await Promise.all([
    startRegistry({ auth: "token" }),
    startRegistry({ auth: "token", singlePost: false, ...options }),
  ]);
  const opened: Process[] = [];
  try {
    await work({
      source,
      destination,
      open: () => {
        const process = openProcess([source, destination]);
        opened.push(process);
        return process;
      },
      publish: async (sample, how, name = "app") => {
        const vendor = inRegistry(source, `acme/${name}`);
        const subject = await put(vendor, sample, "1");
        if (how === "by tag") {
          const layers = [await signatureLayer(subject, signer)];
          await attachLegacy(vendor, subject, { suffix: "sig", layers });
        }
        if (how === "by referrer")
          await attachReferrer(vendor, await bundleReferrer(subject, signer));
        return {
          source: `${source.host}/acme/${name}:1`,
          destination: `${destination.host}/mirror/${name}:1`,
          policy: how === "not" ? unverified : signed,
        };
      },
    });
  } finally {
    for (const one of [...opened, source, destination]) await one.close();
  }
}

/** The artifact of performance.md §3.1: three layers and a config. */
export const small = image({ seed: "small", layers: [1000, 10_000, 50_000] });

/** An image of layers that are told by name, and share their blobs with others of the same name. */
export function layered(names: readonly string[]): Sample {
  const config = JSON.stringify({ os: "linux", architecture: "amd64", names });
  return manifest({
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      bytes: Buffer.from(config),
    },
    layers: names.map((name) => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      bytes: bytesOf(name, 1000),
    })),
  });
}

/** Only the artifact: what it costs beside what its evidence costs. */
export const bare = { evidence: { copy: "none" } };

import { startRegistry, type TestRegistry } from "../registry/registry";
import type { RegistryOptions } from "../registry/options";
import { multiArch } from "../samples/artifacts";
import { attachLegacy, attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../samples/signers";
import { inRegistry, put, type SampleDescriptor } from "../samples/target";

/** The vendor's registry, with a two-platform index of today and one of yesterday, each signed by tag and attested by referrer. */
export interface Vendor {
  readonly registry: TestRegistry;
  readonly repository: string;
  readonly fresh: SampleDescriptor;
  readonly old: SampleDescriptor;
  /** admits both */
  readonly policy: {
    readonly signedBy: readonly object[];
    readonly attestations: readonly object[];
  };
  /** `host/repository:tag` */
  source(tag: "fresh" | "old"): string;
}

const repository = "vendor/app";
const predicateType = "https://example.com/tested/v1";

/** A registry with a token server of its own, and one user that no other registry knows. */
export function startGuarded(
  user: string,
  options: RegistryOptions = {},
): Promise<TestRegistry> {
  const users = { [user]: { password: `${user}-secret`, allows: ["*:*:*"] } };
  return startRegistry({ auth: "token", users, ...options });
}

/** Fills a vendor's registry. */
export async function openVendor(): Promise<Vendor> {
  const registry = await startGuarded("vendor");
  const signer = keySigner();
  const fresh = await publish(registry, signer, "fresh");
  const old = await publish(registry, signer, "old");
  const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
  return {
    registry,
    repository,
    fresh,
    old,
    policy: {
      signedBy: [{ key }],
      attestations: [{ type: predicateType, by: [{ key }] }],
    },
    source: (tag) => `${registry.host}/${repository}:${tag}`,
  };
}

async function publish(
  registry: TestRegistry,
  signer: KeySigner,
  tag: string,
): Promise<SampleDescriptor> {
  const target = inRegistry(registry, repository);
  // one layer is larger than what is sent in one piece
  const sample = multiArch({ seed: tag, layers: [3000, 100_000] });
  const subject = await put(target, sample, tag);
  const layers = [await signatureLayer(subject, signer)];
  await attachLegacy(target, subject, { suffix: "sig", layers });
  const options = { predicateType, predicate: { tag } };
  await attachReferrer(target, await bundleReferrer(subject, signer, options));
  return subject;
}

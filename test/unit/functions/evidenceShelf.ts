import type { Values } from "../../../provider/mirror/lifecycle";
import { getReferrers } from "../../../provider/functions/getReferrers";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { attachLegacy } from "../../samples/attach";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import {
  inRegistry,
  type SampleDescriptor,
  type Target,
} from "../../samples/target";
import { whileAsking, type Asking } from "./asking";

/** A registry with one artifact, and a provider that asks about it. */
export interface Shelf {
  readonly registry: TestRegistry;
  readonly vendor: Target;
  readonly asking: Asking;
  readonly source: string;
}

/** Opens a shelf for the length of the work. */
export async function onShelf(
  work: (shelf: Shelf) => Promise<void>,
  options: Parameters<typeof startRegistry>[0] = {},
): Promise<void> {
  const registry = await startRegistry(options);
  try {
    const vendor = inRegistry(registry, "acme/app");
    const source = `${registry.host}/acme/app:1`;
    await whileAsking([registry.host], (asking) =>
      work({ registry, vendor, asking, source }),
    );
  } finally {
    await registry.close();
  }
}

/** What `getReferrers` answers about the artifact. */
export const ask = ({ asking, source }: Shelf, more: Values = {}) =>
  asking.ask(getReferrers, { source, ...more });

/** Signs as cosign 2 does. */
export async function sign(
  vendor: Target,
  subject: SampleDescriptor,
  signer = keySigner(),
): Promise<SampleDescriptor> {
  const layers = [await signatureLayer(subject, signer)];
  return attachLegacy(vendor, subject, { suffix: "sig", layers });
}

import type { Evidence, Signer as Seen } from "../../../provider/mirror/ports";
import { type AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { certifiedSigner } from "../../samples/certifiedSigner";
import { signatureLayer } from "../../samples/legacyEvidence";
import {
  createRoot,
  extension,
  type CertificateWish,
  type Issued,
} from "../../samples/pki";
import { type Signer } from "../../samples/signers";
import { type SigstoreWorld } from "../../samples/sigstoreWorld";
import { bundleLayer, changed, evidenceOf, verdictOn } from "./world";

export const subject = image().descriptor;
/** one day */
export const dayMs = 24 * 60 * 60 * 1000;
export const root = createRoot({
  name: [
    ["C", "DE"],
    ["CN", "acme root"],
  ],
});
export const middle = root.authority({ name: "acme signing" });
export const mail = extension(
  "2.5.29.17",
  Buffer.from("3016811472656c656173654061636d652e6578616d706c65", "hex"),
);
export const release: CertificateWish = {
  name: [
    ["C", "DE"],
    ["O", "acme"],
    ["CN", "release"],
  ],
  more: [mail],
};
export const leaf = middle.issue(release);
export const signer = certifiedSigner(leaf, middle, root);

export const past: readonly [Date, Date] = [new Date(0), new Date(1000)];

/** What a policy asks for, where it is not the usual. */
export interface Wanted {
  readonly roots?: readonly string[];
  readonly intermediates?: string[];
  readonly identity?: string;
  readonly identityPattern?: string;
  readonly subject?: string;
  readonly tlog?: "required" | "not-required";
}

/** A policy for a signer under the root, who has not logged. */
export function policyIn(
  world: SigstoreWorld,
  wanted: Wanted = {},
): AuthorityInput {
  const { roots = [root.pem], ...more } = wanted;
  const named = more.identityPattern ?? more.subject ?? more.identity;
  return {
    certificate: {
      roots: [...roots],
      tlog: "not-required",
      trustedRoots: [world.trustedRoot],
      ...(named === undefined && { identity: "release@acme.example" }),
      ...more,
    },
  };
}

/** A legacy signature. */
export const signature = async (by: Signer, options = {}): Promise<Evidence> =>
  evidenceOf(subject, await signatureLayer(subject, by, options), "sig");
/** The same as a bundle. */
export const bundle = async (by: Signer, options = {}): Promise<Buffer> =>
  dsseBundle(subject, by, { predicateType: signPredicate, ...options });

/** A bundle with a chain instead of one certificate. */
export async function chained(
  by: Signer,
  certificates: readonly Issued[],
): Promise<Evidence> {
  const bytes = changed(
    await bundle(by),
    ({ verificationMaterial: material }) => {
      delete material.certificate;
      material.x509CertificateChain = {
        certificates: certificates.map(({ der }) => ({
          rawBytes: der.toString("base64"),
        })),
      };
    },
  );
  return evidenceOf(subject, bundleLayer(bytes));
}

/** Who signed, or why nobody did. */
export async function signerOf(
  input: AuthorityInput,
  evidence: Evidence,
): Promise<Seen | string> {
  const answer = await verdictOn(input, evidence);
  return answer.outcome === "authenticated" ? answer.signer : answer.code;
}

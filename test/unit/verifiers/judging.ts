import type { Evidence, Verdict } from "../../../provider/mirror/ports";
import { type PolicyInput } from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../../samples/legacyEvidence";
import { keySigner, type Signer } from "../../samples/signers";
import { bundleLayer, contextOf, evidenceOf, judgedOf, offline } from "./world";

export const subject = image().descriptor;
export const other = image({ seed: "other" }).descriptor;
export const [vendor, partner, stranger] = [
  keySigner(),
  keySigner(),
  keySigner(),
];
/** The signer as an authority, logged or not. */
export const keyOf = (signer: Signer) => ({
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" as const },
});

/** Every requirement of a policy, over evidence. */
export async function verdictsOn(
  policy: PolicyInput,
  evidence: readonly Evidence[],
): Promise<readonly Verdict[]> {
  const { requirements } = await preparePolicy(policy, contextOf());
  return Promise.all(
    requirements.map((requirement) =>
      requirement.judge(judgedOf(evidence), offline),
    ),
  );
}

/** The first requirement of a policy, over evidence. */
export async function judge(
  policy: PolicyInput,
  evidence: readonly Evidence[],
): Promise<Verdict> {
  const [verdict] = await verdictsOn(policy, evidence);
  if (!verdict) throw new Error("no requirement");
  return verdict;
}

/** A legacy signature, found at the subject. */
export const signed = async (by: Signer, about = subject) =>
  evidenceOf(subject, await signatureLayer(about, by), "sig");
/** The same as a bundle. */
export const signedInBundle = async (by: Signer) =>
  evidenceOf(
    subject,
    bundleLayer(
      await dsseBundle(subject, by, { predicateType: signPredicate }),
    ),
  );
/** An attestation in a bundle. */
export const attested = async (by: Signer, predicateType: string) =>
  evidenceOf(
    subject,
    bundleLayer(await dsseBundle(subject, by, { predicateType })),
  );
/** The same in the legacy form. */
export const attestedLegacy = async (by: Signer, predicateType: string) =>
  evidenceOf(
    subject,
    await attestationLayer(subject, by, { predicateType }),
    "att",
  );

export const spdx = "https://spdx.dev/Document";
export const slsa = "https://slsa.dev/provenance/v1";
export const vsa = "https://slsa.dev/verification_summary/v1";

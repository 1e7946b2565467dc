import { dsseBundle, signPredicate } from "../samples/bundleEvidence";
import { certifiedSigner } from "../samples/certifiedSigner";
import { signatureLayer } from "../samples/legacyEvidence";
import { createRoot, extensions } from "../samples/pki";
import { bundleLayer, evidenceOf } from "../unit/verifiers/world";
import type { VectorFile } from "./vector";
import { fileOf, root, type Wish } from "./writing";

const subject = root.descriptor;

/** Signatures under certificates of one's own authority. */
export async function certificateVectors(): Promise<VectorFile> {
  const now = new Date();
  const later = new Date(now.getTime() + 60 * 24 * 60 * 60 * 1000);
  const own = createRoot({ name: "acme root" });
  const leaf = own.issue({
    name: "release",
    more: [extensions.uris("https://acme.example/release")],
  });
  const certificate = (more: object = {}) => ({
    signedBy: [
      {
        certificate: {
          roots: ["@own"],
          identity: "https://acme.example/release",
          tlog: "not-required",
          ...more,
        },
      },
    ],
  });
  const by = certifiedSigner(leaf, own);
  const wish = { predicateType: signPredicate };
  const byLeaf = evidenceOf(
    subject,
    bundleLayer(await dsseBundle(subject, by, wish)),
  );
  const wishes: readonly Wish[] = [
    {
      name: "a legacy signature by one's own certificate",
      policy: certificate(),
      evidence: [evidenceOf(subject, await signatureLayer(subject, by), "sig")],
      code: "OK",
    },
    {
      name: "one's own certificate",
      policy: certificate(),
      evidence: [byLeaf],
      code: "OK",
    },
    {
      name: "one's own certificate, another name",
      policy: certificate({ identity: "https://acme.example/releas" }),
      evidence: [byLeaf],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "one's own certificate, after its end",
      policy: certificate(),
      evidence: [byLeaf],
      now: later,
      code: "CERT_INVALID",
    },
    {
      name: "T17: one's own certificate, another root",
      policy: certificate({ roots: ["@stranger"] }),
      evidence: [byLeaf],
      code: "CERT_INVALID",
    },
  ];
  const stranger = createRoot({ name: "acme root" });
  return fileOf({ own: own.pem, stranger: stranger.pem }, now, wishes);
}

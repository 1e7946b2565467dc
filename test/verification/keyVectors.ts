import { dsseBundle, signPredicate } from "../samples/bundleEvidence";
import {
  signatureLayer,
  type SignatureOptions,
} from "../samples/legacyEvidence";
import { keyKinds, keySigner, type Signer } from "../samples/signers";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import {
  bundleLayer,
  changed,
  evidenceOf,
  type Editable,
} from "../unit/verifiers/world";
import type { VectorFile } from "./vector";
import { fileOf, other, root, type Wish } from "./writing";

const subject = root.descriptor;
const dayMs = 24 * 60 * 60 * 1000;

const legacy = async (by: Signer, options: SignatureOptions = {}) =>
  evidenceOf(subject, await signatureLayer(subject, by, options), "sig");
const bundle = async (by: Signer, options: object = {}) => {
  const wish = { predicateType: signPredicate, ...options };
  return evidenceOf(subject, bundleLayer(await dsseBundle(subject, by, wish)));
};

/** Signatures by keys, in a log or not. */
export async function keyVectors(): Promise<VectorFile> {
  const log = await createSigstoreWorld();
  const [signer, stranger] = [keySigner(), keySigner()];
  const kinds = keyKinds.map((kind) => [kind, keySigner(kind)] as const);
  const unlogged = (more: object = {}) => ({
    signedBy: [{ key: { publicKey: "@key", tlog: "not-required", ...more } }],
  });
  const logged = {
    signedBy: [{ key: { publicKey: "@key", trustedRoots: ["@root"] } }],
  };
  const good = await bundle(signer);
  const bent = (change: (bundle: Editable) => void) =>
    evidenceOf(subject, bundleLayer(changed(good.bytes, change)));
  const end = new Date(log.clock.getTime() + dayMs).toISOString();
  const two = {
    ...unlogged(),
    threshold: 2,
    signedBy: ["@key", "@stranger"].map((publicKey) => ({
      key: { publicKey, tlog: "not-required" },
    })),
  };
  const wishes: readonly Wish[] = [
    ...(await Promise.all(
      kinds.map(async ([kind, by]): Promise<Wish> => ({
        name: `a legacy signature by a key of type ${kind}`,
        policy: unlogged({ publicKey: `@${kind}` }),
        evidence: [await legacy(by)],
        code: "OK",
      })),
    )),
    { name: "a bundle", policy: unlogged(), evidence: [good], code: "OK" },
    {
      name: "a logged legacy signature",
      policy: logged,
      evidence: [await legacy(signer, { log })],
      code: "OK",
    },
    {
      name: "a logged bundle",
      policy: logged,
      evidence: [await bundle(signer, { log })],
      code: "OK",
    },
    {
      name: "T4: nothing",
      policy: unlogged(),
      evidence: [],
      code: "NO_EVIDENCE",
    },
    {
      name: "T8: another key",
      policy: unlogged(),
      evidence: [await bundle(stranger)],
      code: "SIGNATURE_INVALID",
    },
    {
      name: "T8: a flipped bit",
      policy: unlogged(),
      evidence: [await bundle(signer, { tampered: true })],
      code: "SIGNATURE_INVALID",
    },
    {
      name: "a stranger's signature beside the good one",
      policy: unlogged(),
      evidence: [await bundle(stranger), good],
      code: "OK",
    },
    {
      name: "in no log",
      policy: logged,
      evidence: [good],
      code: "TLOG_MISSING",
    },
    {
      name: "T9: after the key's end",
      policy: unlogged({ validUntil: end }),
      evidence: [good],
      now: new Date(log.clock.getTime() + 2 * dayMs),
      code: "KEY_EXPIRED",
    },
    {
      name: "T18: a statement about another image",
      policy: unlogged(),
      evidence: [
        await bundle(signer, {
          subjects: [
            { name: "", digest: { sha256: other.descriptor.digest.slice(7) } },
          ],
        }),
      ],
      code: "SUBJECT_MISMATCH",
    },
    {
      name: "T18: a statement about nothing",
      policy: unlogged(),
      evidence: [await bundle(signer, { subjects: [] })],
      code: "SUBJECT_MISMATCH",
    },
    {
      name: "T20: two signatures",
      policy: unlogged(),
      evidence: [
        bent((one) =>
          one.dsseEnvelope.signatures.push(one.dsseEnvelope.signatures[0]),
        ),
      ],
      code: "MALFORMED",
    },
    {
      name: "T22: an attestation in place of a signature",
      policy: unlogged(),
      evidence: [
        await bundle(signer, { predicateType: "https://spdx.dev/Document" }),
      ],
      code: "NO_EVIDENCE",
    },
    {
      name: "T23: a payload of another type",
      policy: unlogged(),
      evidence: [await legacy(signer, { type: "atomic container signature" })],
      code: "MALFORMED",
    },
    {
      name: "T27: an unknown version of bundle",
      policy: unlogged(),
      evidence: [bent((one) => (one.mediaType += ".9"))],
      code: "MALFORMED",
    },
    {
      name: "annotations as wanted",
      policy: unlogged({ annotations: { env: "prod" } }),
      evidence: [await legacy(signer, { optional: { env: "prod" } })],
      code: "OK",
    },
    {
      name: "annotations otherwise",
      policy: unlogged({ annotations: { env: "prod" } }),
      evidence: [await legacy(signer, { optional: { env: "dev" } })],
      code: "ANNOTATION_MISMATCH",
    },
    {
      name: "two of two keys",
      policy: two,
      evidence: [good, await bundle(stranger)],
      code: "OK",
    },
    {
      name: "one of two keys",
      policy: two,
      evidence: [good, await legacy(signer)],
      code: "THRESHOLD",
    },
  ];
  const keys = Object.fromEntries(
    kinds.map(([kind, by]) => [kind, by.publicKeyPem]),
  );
  const texts = {
    ...keys,
    key: signer.publicKeyPem,
    stranger: stranger.publicKeyPem,
    root: log.trustedRoot,
  };
  return fileOf(texts, log.clock, wishes);
}

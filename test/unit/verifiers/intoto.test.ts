import { createHash } from "node:crypto";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle } from "../../samples/bundleEvidence";
import type { Envelope } from "../../samples/legacyEvidence";
import { certificatePem, keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type LogEntry,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { bundleLayer, changed, codeOf, evidenceOf } from "./world";

const subject = image().descriptor;
const predicateType = "https://slsa.dev/provenance/v0.2";
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";

let world: SigstoreWorld;
let person: Signer;
let wanted: AuthorityInput;
beforeAll(async () => {
  world = await createSigstoreWorld();
  person = await world.keyless({ issuer, identity });
  const trustedRoots = [world.trustedRoot];
  wanted = { keyless: { issuer, identity, trustedRoots } };
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const hexOf = (bytes: Buffer) =>
  createHash("sha256").update(bytes).digest("hex");

/** Rekor's `intoto/0.0.2` entry, which has the signature twice in base64. */
function intoto002(envelope: Envelope, signer: Signer): object {
  const pem = signer.certificate
    ? certificatePem(signer.certificate)
    : signer.publicKeyPem;
  return {
    apiVersion: "0.0.2",
    kind: "intoto",
    spec: {
      content: {
        envelope: {
          payloadType: envelope.payloadType,
          signatures: envelope.signatures.map(({ sig }) => ({
            publicKey: base64(pem),
            sig: base64(sig),
          })),
        },
        payloadHash: {
          algorithm: "sha256",
          value: hexOf(Buffer.from(envelope.payload, "base64")),
        },
      },
    },
  };
}

/** A bundle whose log entry is made of its envelope by `propose`. */
async function logged(propose: (envelope: Envelope) => object) {
  const bundle = await dsseBundle(subject, person, {
    predicateType,
    log: world,
  });
  const { dsseEnvelope } = JSON.parse(bundle.toString());
  const proposed = propose(dsseEnvelope);
  const entry: LogEntry = await world.log(proposed);
  const { signedEntryTimestamp, inclusionProof } = entry.verification;
  return changed(bundle, ({ verificationMaterial }) => {
    const [replaced] = verificationMaterial.tlogEntries;
    replaced.logIndex = String(entry.logIndex);
    replaced.integratedTime = String(entry.integratedTime);
    replaced.kindVersion = { kind: "intoto", version: "0.0.2" };
    replaced.canonicalizedBody = entry.body;
    replaced.inclusionPromise = { signedEntryTimestamp };
    replaced.inclusionProof.rootHash = Buffer.from(
      inclusionProof.rootHash,
      "hex",
    ).toString("base64");
    replaced.inclusionProof.checkpoint.envelope = inclusionProof.checkpoint;
  });
}

const judged = async (propose: (envelope: Envelope) => object) =>
  codeOf(wanted, evidenceOf(subject, bundleLayer(await logged(propose))));

test("a log entry of kind intoto/0.0.2 is vouched for", async () => {
  expect(await judged((envelope) => intoto002(envelope, person))).toBe("OK");
});

test("T11: an intoto/0.0.2 entry that names another certificate, or a bare key, is refused", async () => {
  const another = await world.keyless({ issuer, identity });
  for (const signer of [another, keySigner()]) {
    expect(await judged((envelope) => intoto002(envelope, signer))).toBe(
      "TLOG_MISMATCH",
    );
  }
});

test.each<[string, (envelope: Envelope) => Envelope]>([
  [
    "another payload",
    (envelope) => ({ ...envelope, payload: base64('{"other":1}') }),
  ],
  [
    "another signature",
    (envelope) => ({
      ...envelope,
      signatures: [{ keyid: "", sig: base64("other") }],
    }),
  ],
  [
    "two signatures",
    (envelope) => ({
      ...envelope,
      signatures: [...envelope.signatures, ...envelope.signatures],
    }),
  ],
  ["no signature", (envelope) => ({ ...envelope, signatures: [] })],
])("T12: an intoto/0.0.2 entry about %s is refused", async (_, change) => {
  expect(await judged((envelope) => intoto002(change(envelope), person))).toBe(
    "TLOG_MISMATCH",
  );
});

import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import {
  bundleLayer,
  changed,
  codeOf,
  evidenceOf,
  type Editable,
} from "./world";

const subject = image().descriptor;
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";

let world: SigstoreWorld;
let signer: Signer;
beforeAll(async () => {
  world = await createSigstoreWorld();
  signer = keySigner();
});

function keyOf(by: Signer): AuthorityInput {
  const trustedRoots = [world.trustedRoot];
  return { key: { publicKey: by.publicKeyPem, trustedRoots } };
}

const judged = (layer: Blob, input = keyOf(signer)) =>
  codeOf(input, evidenceOf(subject, layer));

async function bundle(
  by: Signer,
  change: (entry: Editable) => void,
): Promise<Blob> {
  const bytes = await dsseBundle(subject, by, {
    predicateType: signPredicate,
    log: world,
  });
  return bundleLayer(
    changed(bytes, ({ verificationMaterial }) =>
      change(verificationMaterial.tlogEntries[0]),
    ),
  );
}

test.each<[string, (entry: Editable) => void]>([
  [
    "signature",
    (entry) =>
      (entry.inclusionProof.checkpoint.envelope = flipSignature(
        entry.inclusionProof.checkpoint.envelope,
      )),
  ],
  [
    "root hash",
    (entry) =>
      (entry.inclusionProof.checkpoint.envelope =
        entry.inclusionProof.checkpoint.envelope.replace(
          /\n1\n.*\n/,
          `\n1\n${Buffer.alloc(32).toString("base64")}\n`,
        )),
  ],
  ["index", (entry) => (entry.inclusionProof.logIndex = "1")],
  [
    "hash count",
    (entry) =>
      (entry.inclusionProof.hashes = [Buffer.alloc(32).toString("base64")]),
  ],
  [
    "body",
    (entry) => (entry.inclusionProof.checkpoint.envelope = "no checkpoint"),
  ],
])("T14: an inclusion proof with a wrong %s is refused", async (_, change) => {
  expect(await judged(await bundle(signer, change))).toBe("TLOG_INVALID");
});

test("T14: the checkpoint of another log is refused", async () => {
  const elsewhere = await createSigstoreWorld();
  const layer = await bundle(signer, () => undefined);
  const body = JSON.parse(layer.bytes.toString()).verificationMaterial
    .tlogEntries[0].canonicalizedBody;
  const foreign = await elsewhere.log(
    JSON.parse(Buffer.from(body, "base64").toString()),
  );
  const mixed = changed(layer.bytes, ({ verificationMaterial }) => {
    verificationMaterial.tlogEntries[0].inclusionProof.checkpoint.envelope =
      foreign.verification.inclusionProof.checkpoint;
  });
  expect(await judged(layer)).toBe("OK");
  expect(await judged(bundleLayer(mixed))).toBe("TLOG_INVALID");
});

test("T15: a changed time beside a good proof proves no time", async () => {
  const layer = await bundle(
    signer,
    (entry) =>
      (entry.integratedTime = String(Number(entry.integratedTime) - 60)),
  );
  expect(await judged(layer)).toBe("TIME_UNPROVEN");
});

test("T15: a proof alone proves no time, so no identity", async () => {
  const mine = await world.keyless({ issuer, identity });
  const layer = await bundle(mine, (entry) => delete entry.inclusionPromise);
  const keyless = {
    keyless: { issuer, identity, trustedRoots: [world.trustedRoot] },
  };
  expect(await judged(layer, keyless)).toBe("TIME_UNPROVEN");
});

test("a proof alone is enough for a key, which needs no time", async () => {
  const layer = await bundle(signer, (entry) => delete entry.inclusionPromise);
  expect(await judged(layer)).toBe("OK");
});

function flipSignature(note: string): string {
  const line = /\u2014 (\S+) (\S+)\n/.exec(note)?.[2] ?? "";
  const bytes = Buffer.from(line, "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return note.replace(line, bytes.toString("base64"));
}

import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { judge, keyOf, stranger, subject, vendor } from "../verifiers/judging";
import {
  bundleLayer,
  changed,
  evidenceOf,
  type Editable,
} from "../verifiers/world";

/** DER of very many small parts, as base64: a reader makes an object of each. */
function tree(length: number): string {
  const head = Buffer.from([0x30, 0x83, 0, 0, 0]);
  head.writeUIntBE(length, 2, 3);
  const parts = Buffer.alloc(length, Buffer.from([0x05, 0x00]));
  return Buffer.concat([head, parts]).toString("base64");
}

const rawBytes = tree(1024 * 1024);

test.each<[string, (material: Editable) => void]>([
  [
    "certificate",
    (material) => {
      delete material.publicKey;
      material.certificate = { rawBytes };
    },
  ],
  [
    "timestamp",
    (material) => {
      material.timestampVerificationData = {
        rfc3161Timestamps: [{ signedTimestamp: rawBytes }],
      };
    },
  ],
])("T34: a %s of megabytes is not read", async (_, change) => {
  const bundle = await dsseBundle(subject, stranger, {
    predicateType: signPredicate,
  });
  const bytes = changed(bundle, ({ verificationMaterial }) =>
    change(verificationMaterial),
  );
  const piece = evidenceOf(subject, bundleLayer(bytes));
  expect(await judge({ signedBy: [keyOf(vendor)] }, [piece])).toMatchObject({
    outcome: "failed",
    code: "LIMIT",
  });
});

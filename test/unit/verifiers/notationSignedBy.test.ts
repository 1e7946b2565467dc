import { sign } from "node:crypto";
import { notationSigner, trusting } from "../../samples/notation";
import { pemOf } from "../../samples/signers";
import { judge, keyOf, signed, subject, vendor } from "./judging";
import { notarized } from "./notarized";

const signer = notationSigner();
const stranger = notationSigner();
const byNotation = trusting(signer);
const notation = notarized(subject, signer);

test.each(["jws", "cose"] as const)(
  "a notation signature in %s satisfies signedBy, and must come along",
  async (form) => {
    const evidence = notarized(subject, signer, { form });
    expect(await judge({ signedBy: [byNotation] }, [evidence])).toMatchObject({
      outcome: "passed",
      reliedOn: [evidence.manifest.digest],
    });
  },
);

test("T4: without a notation signature there is no evidence, whatever cosign has signed", async () => {
  const verdict = await judge({ signedBy: [byNotation] }, [
    await signed(vendor),
  ]);
  expect(verdict).toMatchObject({ outcome: "failed", code: "NO_EVIDENCE" });
});

test("a stranger's signatures do not hide the right one", async () => {
  const evidence = [
    notarized(subject, stranger),
    notation,
    await signed(vendor),
  ];
  expect(await judge({ signedBy: [byNotation] }, evidence)).toMatchObject({
    outcome: "passed",
    looked: [
      { code: "NOTATION_AUTHENTICITY", authority: "signedBy[0].notation" },
    ],
  });
});

test("notation and cosign together meet a threshold of two, one of them does not", async () => {
  const policy = { signedBy: [byNotation, keyOf(vendor)], threshold: 2 };
  const cosign = await signed(vendor);
  expect(await judge(policy, [notation, cosign])).toMatchObject({
    outcome: "passed",
  });
  expect(await judge(policy, [notation])).toMatchObject({ code: "THRESHOLD" });
  expect(await judge(policy, [cosign])).toMatchObject({ code: "THRESHOLD" });
});

test("the same key by notation and by cosign counts once", async () => {
  const twin = {
    ...vendor,
    publicKeyPem: pemOf(signer.publicKey),
    sign: (bytes: Uint8Array) => sign("sha256", bytes, signer.privateKey),
  };
  const cosign = await signed(twin);
  const policy = { signedBy: [byNotation, keyOf(twin)] };
  expect(await judge(policy, [cosign])).toMatchObject({ outcome: "passed" });
  const both = await judge({ ...policy, threshold: 2 }, [notation, cosign]);
  expect(both).toMatchObject({ code: "THRESHOLD" });
});

test("a notation signature is no attestation", async () => {
  const attestations = [{ by: [byNotation], type: "spdx" }];
  expect(await judge({ attestations }, [notation])).toMatchObject({
    outcome: "failed",
  });
});

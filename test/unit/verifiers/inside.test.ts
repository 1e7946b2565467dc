import type { Evidence, Inside } from "../../../provider/mirror/ports";
import { dsseBundle } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import type { Signer } from "../../samples/signers";
import { keyOf, other, partner, spdx, stranger, vendor } from "./judging";
import { bareStatement, judgeStated, manifestOf } from "./stating";
import { bundleLayer, evidenceOf } from "./world";

const index = other;
const policy = {
  attestations: [
    {
      type: "spdxjson",
      by: [keyOf(vendor), keyOf(partner)],
      where: "predicate.ok",
    },
  ],
};
const sbom = { predicateType: spdx, predicate: { ok: true } };

/** A plain signature over what contains the statement. */
const signatureOver = async (container: typeof index, by: Signer) =>
  evidenceOf(container, await signatureLayer(container, by), "sig");

const insideOf = (
  statement: Evidence,
  ...covers: readonly Evidence[]
): { inside: Inside[] } => ({ inside: [{ statement, covers }] });

describe("a statement inside the artifact", () => {
  test("counts as made by whoever signed the index, and relies on that signature", async () => {
    const cover = await signatureOver(index, vendor);
    const statement = bareStatement(sbom);
    const verdict = await judgeStated(policy, insideOf(statement, cover));
    expect(verdict).toMatchObject({
      outcome: "passed",
      satisfiedBy: [
        {
          format: "buildkit-statement",
          authority: "attestations[0].by[0].key",
          signer: { keyId: vendor.keyId },
          statement: { predicateType: spdx },
          notes: [`covered by the signature on ${index.digest} (index)`],
        },
      ],
      reliedOn: [cover.manifest.digest],
    });
  });

  test("counts as made by whoever signed its own manifest", async () => {
    const statement = bareStatement(sbom);
    const manifest = manifestOf(statement);
    const cover = await signatureOver(manifest, partner);
    const verdict = await judgeStated(policy, insideOf(statement, cover));
    expect(verdict).toMatchObject({
      outcome: "passed",
      satisfiedBy: [
        {
          authority: "attestations[0].by[1].key",
          notes: [
            `covered by the signature on ${manifest.digest} (attestation manifest)`,
          ],
        },
      ],
    });
  });

  test("does not count where nobody signed what contains it", async () => {
    const verdict = await judgeStated(policy, insideOf(bareStatement(sbom)));
    expect(verdict).toMatchObject({ outcome: "failed", code: "UNSIGNED" });
  });

  test("does not count where a stranger signed, and says so", async () => {
    const cover = await signatureOver(index, stranger);
    expect(
      await judgeStated(policy, insideOf(bareStatement(sbom), cover)),
    ).toMatchObject({ outcome: "failed", code: "SIGNATURE_INVALID" });
  });

  test("T22: is not covered by an attestation about what contains it", async () => {
    const attestation = await dsseBundle(index, vendor, {
      predicateType: spdx,
    });
    const cover = evidenceOf(index, bundleLayer(attestation));
    expect(
      await judgeStated(policy, insideOf(bareStatement(sbom), cover)),
    ).toMatchObject({
      outcome: "failed",
      satisfiedBy: [],
      looked: [{ code: "SIGNATURE_INVALID" }, { code: "NOT_A_SIGNATURE" }],
    });
  });

  test("meets conditions like any other", async () => {
    const cover = await signatureOver(index, vendor);
    const statement = bareStatement({ ...sbom, predicate: { ok: false } });
    expect(await judgeStated(policy, insideOf(statement, cover))).toMatchObject(
      { outcome: "failed", code: "POLICY" },
    );
  });

  test("T21: of another type is another", async () => {
    const cover = await signatureOver(index, vendor);
    const statement = bareStatement({
      predicateType: "https://slsa.dev/provenance/v1",
    });
    expect(await judgeStated(policy, insideOf(statement, cover))).toMatchObject(
      {
        code: "PREDICATE_MISSING",
        looked: [{ code: "OTHER_PREDICATE" }],
      },
    );
  });

  const subjectOf = (digest: object) => [{ name: "_", digest }];
  test.each([
    [
      "T28: about another manifest",
      { subject: subjectOf({ sha256: "0".repeat(64) }) },
      "SUBJECT_MISMATCH",
    ],
    ["T18: about nothing", { subject: [] }, "SUBJECT_MISMATCH"],
    [
      "T18: by another hash",
      { subject: subjectOf({ sha1: "0".repeat(40) }) },
      "SUBJECT_MISMATCH",
    ],
    [
      "T19: of another _type",
      { _type: "https://in-toto.io/Statement/v9" },
      "MALFORMED",
    ],
    ["T19: without subjects", { subject: undefined }, "MALFORMED"],
    [
      "T35: about too many",
      { subject: Array.from({ length: 1025 }, () => ({ digest: {} })) },
      "LIMIT",
    ],
  ])("%s does not count, whoever signed", async (_, wrong, code) => {
    const cover = await signatureOver(index, vendor);
    const statement = bareStatement({ ...sbom, ...wrong });
    const verdict = await judgeStated(policy, insideOf(statement, cover));
    expect(verdict).toMatchObject({ outcome: "failed", code });
  });

  test("T3: whose bytes are not its digest's does not count", async () => {
    const cover = await signatureOver(index, vendor);
    const statement = bareStatement(sbom);
    const bytes = Buffer.concat([statement.bytes, Buffer.from(" ")]);
    expect(
      await judgeStated(policy, insideOf({ ...statement, bytes }, cover)),
    ).toMatchObject({ outcome: "failed", code: "DIGEST_MISMATCH" });
  });

  test("is no signature", async () => {
    const cover = await signatureOver(index, vendor);
    expect(
      await judgeStated(
        { signedBy: [keyOf(vendor)] },
        insideOf(bareStatement(sbom), cover),
      ),
    ).toMatchObject({ outcome: "failed", code: "NO_EVIDENCE" });
  });
});

import type { Authenticated } from "../../../provider/mirror/ports";
import { distinctAuthorities } from "../../../provider/verifiers/requirements/distinct";
import type { Blob } from "../../samples/artifacts";
import { keySigner } from "../../samples/signers";
import {
  attested,
  attestedLegacy,
  judge,
  keyOf,
  other,
  partner,
  signed,
  signedInBundle,
  slsa,
  spdx,
  stranger,
  subject,
  vendor,
  verdictsOn,
  vsa,
} from "./judging";
import { evidenceOf } from "./world";

describe("a signature", () => {
  const policy = { signedBy: [keyOf(vendor), keyOf(partner)] };

  test.each([
    ["in the legacy form", signed],
    ["in a bundle", signedInBundle],
  ])("%s by any of those named is enough", async (_, make) => {
    const evidence = await make(partner);
    const verdict = await judge(policy, [evidence]);
    expect(verdict).toMatchObject({
      outcome: "passed",
      requirement: "signedBy",
      blocks: true,
      code: "OK",
      satisfiedBy: [
        {
          authority: "signedBy[1].key",
          signer: { keyId: partner.keyId },
          evidence,
        },
      ],
    });
    expect(verdict.satisfiedBy[0]?.statement).toBeUndefined();
  });

  test("T4: that is nowhere is no evidence", async () => {
    expect(await judge(policy, [])).toMatchObject({
      outcome: "failed",
      code: "NO_EVIDENCE",
      looked: [],
    });
  });

  test("says once what many signatures in one manifest lack", async () => {
    const one = await signed(stranger);
    const { digest } = (await signed(stranger)).layer;
    const another = { ...one, layer: { ...one.layer, digest } };
    expect((await judge(policy, [one, another])).looked).toEqual(
      (await judge(policy, [one])).looked,
    );
  });

  test("T4: evidence of other kinds only is no evidence", async () => {
    const sbom: Blob = {
      mediaType: "text/spdx+json",
      bytes: Buffer.from("{}"),
    };
    const keyless = {
      signedBy: [
        {
          keyless: { issuer: "https://i.example", identity: "me@acme.example" },
        },
      ],
    };
    expect(
      await judge(policy, [evidenceOf(subject, sbom, "sbom")]),
    ).toMatchObject({ code: "NO_EVIDENCE" });
    expect(await judge(keyless, [await signed(vendor)])).toMatchObject({
      code: "NO_EVIDENCE",
      looked: [{ code: "OTHER_KIND" }],
    });
  });

  test.each([
    ["an SBOM", spdx],
    ["a VSA", vsa],
    ["provenance", slsa],
  ])("T22: %s by the right signer is no signature", async (_, type) => {
    const evidence = [
      await attested(vendor, type),
      await attestedLegacy(vendor, type),
    ];
    const verdict = await judge(policy, evidence);
    expect(verdict).toMatchObject({
      outcome: "failed",
      code: "NO_EVIDENCE",
      satisfiedBy: [],
    });
    expect(verdict.looked.map(({ code }) => code)).toEqual([
      "NOT_A_SIGNATURE",
      "NOT_A_SIGNATURE",
    ]);
    expect(verdict.looked[0]?.reason).toContain(type);
  });

  test("by strangers does not count, and says so for each authority", async () => {
    const evidence = await signed(stranger);
    expect(await judge(policy, [evidence])).toMatchObject({
      outcome: "failed",
      code: "SIGNATURE_INVALID",
      looked: [
        {
          evidence: evidence.manifest.digest,
          authority: "signedBy[0].key",
          code: "SIGNATURE_INVALID",
          format: "cosign-simplesigning",
        },
        { evidence: evidence.manifest.digest, authority: "signedBy[1].key" },
      ],
    });
  });

  test("T18: about another digest does not count", async () => {
    expect(await judge(policy, [await signed(vendor, other)])).toMatchObject({
      code: "SUBJECT_MISMATCH",
    });
  });

  test("among garbage is found, and the garbage is reported", async () => {
    const garbage = {
      mediaType: "application/vnd.dsse.envelope.v1+json",
      bytes: Buffer.from("{"),
    };
    const evidence = [
      evidenceOf(subject, garbage),
      await signed(stranger),
      await signed(vendor),
      await attested(stranger, spdx),
    ];
    const forwards = await judge(policy, evidence);
    const backwards = await judge(policy, [...evidence].reverse());
    expect(forwards.outcome).toBe("passed");
    expect(new Set(forwards.looked.map(({ code }) => code))).toEqual(
      new Set(["SIGNATURE_INVALID", "MALFORMED", "NOT_A_SIGNATURE"]),
    );
    expect(backwards).toEqual(forwards); // however it was found
  });

  test("is reported with the nearest miss first, at most 20 lines", async () => {
    const strangers = await Promise.all(
      Array.from({ length: 15 }, () => signed(keySigner())),
    );
    const verdict = await judge(policy, [
      ...strangers,
      await signed(vendor, other),
    ]);
    expect(verdict.looked).toHaveLength(20);
    expect(verdict.code).toBe("SUBJECT_MISMATCH");
  });

  test("that only warns does not block", async () => {
    const [warned, attestation] = await verdictsOn(
      {
        ...policy,
        signedByMode: "warn",
        attestations: [{ type: "spdxjson", by: [keyOf(vendor)] }],
      },
      [await attested(vendor, spdx)],
    );
    expect(warned).toMatchObject({
      outcome: "failed",
      blocks: false,
      code: "NO_EVIDENCE",
    });
    expect(attestation).toMatchObject({ outcome: "passed", blocks: true });
  });
});

describe("a threshold", () => {
  const policy = {
    signedBy: [keyOf(vendor), keyOf(partner), keyOf(stranger)],
    threshold: 2,
  };

  test("is met by as many distinct authorities", async () => {
    const verdict = await judge(policy, [
      await signed(vendor),
      await signedInBundle(partner),
    ]);
    expect(verdict).toMatchObject({ outcome: "passed", code: "OK" });
    expect(verdict.satisfiedBy).toHaveLength(2);
  });

  test("is not met by many signatures of one authority", async () => {
    const verdict = await judge(policy, [
      await signed(vendor),
      await signedInBundle(vendor),
      await signed(vendor),
    ]);
    expect(verdict).toMatchObject({ outcome: "failed", code: "THRESHOLD" });
    expect(verdict.reason).toContain("1 of the 2");
  });

  const by = (authority: string, identity: string) =>
    ({
      authority,
      signer: { issuer: "i", identity },
    }) as unknown as Authenticated;

  test.each<[string, readonly Authenticated[], number]>([
    ["nobody", [], 0],
    ["one signer whom two authorities know", [by("a", "x"), by("b", "x")], 1],
    ["two signers of one authority", [by("a", "x"), by("a", "y")], 1],
    ["two of each", [by("a", "x"), by("a", "y"), by("b", "x")], 2],
    [
      "three in a ring",
      [by("a", "x"), by("a", "y"), by("b", "y"), by("b", "z"), by("c", "x")],
      3,
    ],
    [
      "three that share two signers",
      [by("a", "x"), by("b", "x"), by("b", "y"), by("c", "y")],
      2,
    ],
  ])("counts %s as it should", (_, authenticated, count) => {
    expect(distinctAuthorities(authenticated)).toBe(count);
    expect(distinctAuthorities([...authenticated].reverse())).toBe(count);
  });
});

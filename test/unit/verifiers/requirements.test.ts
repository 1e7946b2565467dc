import type {
  Authenticated,
  Authority,
  Evidence,
  Rejection,
  Verdict,
} from "../../../provider/mirror/ports";
import {
  preparePolicy,
  type PolicyInput,
} from "../../../provider/verifiers/policy";
import { distinctAuthorities } from "../../../provider/verifiers/requirements/distinct";
import { requirementKinds } from "../../../provider/verifiers/requirements/catalog";
import { image, type Blob } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../../samples/legacyEvidence";
import { keySigner, type Signer } from "../../samples/signers";
import { bundleLayer, evidenceOf, offline } from "./world";

const subject = image().descriptor;
const other = image({ seed: "other" }).descriptor;
const [vendor, partner, stranger] = [keySigner(), keySigner(), keySigner()];
const keyOf = (signer: Signer) => ({
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" as const },
});

async function verdictsOn(
  policy: PolicyInput,
  evidence: readonly Evidence[],
): Promise<readonly Verdict[]> {
  const { requirements } = await preparePolicy(policy);
  return Promise.all(
    requirements.map((requirement) => requirement.judge(evidence, offline)),
  );
}

async function judge(
  policy: PolicyInput,
  evidence: readonly Evidence[],
): Promise<Verdict> {
  const [verdict] = await verdictsOn(policy, evidence);
  if (!verdict) throw new Error("no requirement");
  return verdict;
}

const signed = async (by: Signer, about = subject) =>
  evidenceOf(subject, await signatureLayer(about, by), "sig");
const signedInBundle = async (by: Signer) =>
  evidenceOf(
    subject,
    bundleLayer(
      await dsseBundle(subject, by, { predicateType: signPredicate }),
    ),
  );
const attested = async (by: Signer, predicateType: string) =>
  evidenceOf(
    subject,
    bundleLayer(await dsseBundle(subject, by, { predicateType })),
  );
const attestedLegacy = async (by: Signer, predicateType: string) =>
  evidenceOf(
    subject,
    await attestationLayer(subject, by, { predicateType }),
    "att",
  );

const spdx = "https://spdx.dev/Document";
const slsa = "https://slsa.dev/provenance/v1";
const vsa = "https://slsa.dev/verification_summary/v1";

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
    expect(verdict.code).toBe("SIGNATURE_INVALID");
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

describe("an attestation", () => {
  const policy = (type: string): PolicyInput => ({
    attestations: [{ type, by: [keyOf(vendor), keyOf(partner)] }],
  });

  test.each([
    ["spdxjson", spdx],
    ["spdx", `${spdx}/v2.3`],
    ["cyclonedx", "https://cyclonedx.org/bom/v1.6"],
    ["openvex", "https://openvex.dev/ns@v0.2.0"],
    ["openvex", "https://openvex.dev/ns/v0.2.0"],
    ["slsaprovenance1", slsa],
    ["slsaprovenance", "https://slsa.dev/provenance/v0.2"],
    ["https://acme.example/check/v1", "https://acme.example/check/v1"],
    ["https://acme.example/check/*", "https://acme.example/check/v1"],
  ])("of type %s is met by %s", async (type, actual) => {
    const bundle = await attested(vendor, actual);
    const legacy = await attestedLegacy(partner, actual);
    for (const evidence of [bundle, legacy]) {
      expect(await judge(policy(type), [evidence])).toMatchObject({
        outcome: "passed",
        requirement: "attestations[0]",
        satisfiedBy: [{ statement: { predicateType: actual } }],
      });
    }
  });

  test.each([
    ["spdxjson", "https://spdx.dev/DocumentX"],
    ["spdxjson", "https://spdx.dev/Document/evil"],
    ["slsaprovenance1", "https://slsa.dev/provenance/v1.1"],
    ["slsaprovenance1", "https://slsa.dev/provenance/v0.2"],
    ["https://acme.example/check/*", "https://acme.example/checks"],
    ["https://acme.example/check/*", "https://acme.example/check/"],
    ["vuln", spdx],
  ])("T21: of type %s is not met by %s", async (type, actual) => {
    const verdict = await judge(policy(type), [await attested(vendor, actual)]);
    expect(verdict).toMatchObject({
      outcome: "failed",
      code: "PREDICATE_MISSING",
      looked: [
        { code: "OTHER_PREDICATE", reason: expect.stringContaining(actual) },
      ],
    });
  });

  test("T21: an annotation that lies about the type changes nothing", async () => {
    const evidence = await attestedLegacy(vendor, spdx);
    const annotations = { ...evidence.layer.annotations, predicateType: slsa };
    const lying = { ...evidence, layer: { ...evidence.layer, annotations } };
    expect(await judge(policy("slsaprovenance1"), [lying])).toMatchObject({
      code: "PREDICATE_MISSING",
    });
    expect(await judge(policy("spdxjson"), [lying])).toMatchObject({
      outcome: "passed",
    });
  });

  test("T4: is not there where there are only signatures", async () => {
    const evidence = [await signed(vendor), await signedInBundle(vendor)];
    expect(await judge(policy("spdxjson"), evidence)).toMatchObject({
      code: "NO_EVIDENCE",
      looked: [],
    });
  });

  test("of the right type by a stranger does not count", async () => {
    expect(
      await judge(policy("spdxjson"), [await attested(stranger, spdx)]),
    ).toMatchObject({ outcome: "failed", code: "SIGNATURE_INVALID" });
  });
});

describe("whatever the authorities are", () => {
  const [evidence, reach] = [signed(vendor), offline];

  async function askedOf(
    answer: (piece: Evidence) => object,
    kind: keyof typeof requirementKinds,
  ) {
    const piece = await (kind === "signature"
      ? evidence
      : attested(vendor, spdx));
    const authority: Authority = {
      name: "signedBy[0].fake",
      reads: () => true,
      authenticate: async () =>
        ({
          evidence: piece,
          authority: "signedBy[0].fake",
          format: "f",
          ...answer(piece),
        }) as Authenticated | Rejection,
    };
    const by = [keyOf(vendor)];
    const [asked] =
      kind === "signature"
        ? requirementKinds.signature.ask({ signedBy: by })
        : requirementKinds.attestation.ask({
            attestations: [{ type: "spdxjson", by }],
          });
    return asked?.make([authority]).judge([piece], reach);
  }

  const kinds = Object.keys(
    requirementKinds,
  ) as (keyof typeof requirementKinds)[];

  test.each(kinds)(
    "one that could not be asked leaves the %s inconclusive",
    async (kind) => {
      const verdict = await askedOf(
        () => ({
          outcome: "inconclusive",
          code: "REVOCATION_UNKNOWN",
          reason: "no answer",
        }),
        kind,
      );
      expect(verdict).toMatchObject({
        outcome: "inconclusive",
        code: "REVOCATION_UNKNOWN",
        satisfiedBy: [],
      });
    },
  );

  test("one that vouches for an attestation has not vouched for a signature", async () => {
    const statement = { predicateType: spdx, predicate: {} };
    const verdict = await askedOf(
      () => ({ outcome: "authenticated", signer: {}, times: [], statement }),
      "signature",
    );
    expect(verdict).toMatchObject({
      outcome: "failed",
      code: "NO_EVIDENCE",
      looked: [{ code: "NOT_A_SIGNATURE" }],
    });
  });

  test.each([undefined, { predicateType: slsa, predicate: {} }])(
    "one that vouches for another statement (%j) has not vouched for the attestation",
    async (statement) => {
      const verdict = await askedOf(
        () => ({ outcome: "authenticated", signer: {}, times: [], statement }),
        "attestation",
      );
      expect(verdict?.outcome).toBe("failed");
    },
  );

  test("nobody is asked any more once the call was cancelled", async () => {
    const { requirements } = await preparePolicy({ signedBy: [keyOf(vendor)] });
    const cancelled = { ...offline, signal: AbortSignal.abort() };
    const judging = requirements[0]?.judge([await evidence], cancelled);
    await expect(judging).rejects.toThrow();
  });
});

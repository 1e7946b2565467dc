import type {
  Authenticated,
  Authority,
  Evidence,
  Rejection,
} from "../../../provider/mirror/ports";
import { type PolicyInput } from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { requirementKinds } from "../../../provider/verifiers/requirements/catalog";
import {
  attested,
  attestedLegacy,
  judge,
  keyOf,
  partner,
  signed,
  signedInBundle,
  slsa,
  spdx,
  stranger,
  vendor,
} from "./judging";
import { contextOf, judgedOf, offline } from "./world";

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

  test("T21: of the type, but of another kind of signer, is nearer than one of another type, and not said to be absent", async () => {
    const issuer = "https://i.example";
    const by = [{ keyless: { issuer, identity: "me@acme.example" } }];
    const evidence = [
      await attested(vendor, slsa),
      await attested(vendor, spdx),
    ];
    const wanted = { attestations: [{ type: "spdxjson", by }] };
    expect(await judge(wanted, evidence)).toMatchObject({
      code: "PREDICATE_MISSING",
      reason: expect.stringMatching(
        /was found that counts; nearest: it is signed with a bare key/,
      ),
      looked: [{ code: "OTHER_KIND" }, { code: "OTHER_PREDICATE" }],
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
      wants: "anybody",
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
    return asked
      ?.make([authority], contextOf())
      .judge(judgedOf([piece]), reach);
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
    const { requirements } = await preparePolicy(
      { signedBy: [keyOf(vendor)] },
      contextOf(),
    );
    const cancelled = { ...offline, signal: AbortSignal.abort() };
    const judging = requirements[0]?.judge(
      judgedOf([await evidence]),
      cancelled,
    );
    await expect(judging).rejects.toThrow();
  });
});

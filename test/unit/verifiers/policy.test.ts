import { z } from "zod";
import { MirrorError } from "../../../provider/mirror/errors";
import { checkShape } from "../../../provider/verifiers/checkShape";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import {
  policyDigest,
  policySchema,
  type PolicyInput,
} from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { contextOf } from "./world";
import { keySigner } from "../../samples/signers";

const resource = z.strictObject({ policy: policySchema });
const { publicKeyPem: publicKey, privateKeyPem } = keySigner();
const signedBy = [{ key: { publicKey } }];
const keyless = {
  issuer: "https://issuer.example",
  identity: "me@acme.example",
};

describe("a policy is accepted", () => {
  test.each<[string, PolicyInput]>([
    ["by one key", { signedBy }],
    ["by an identity", { signedBy: [{ keyless }] }],
    [
      "by a pattern",
      {
        signedBy: [
          { keyless: { issuer: "i", identityPattern: ".+@acme\\.example" } },
        ],
      },
    ],
    [
      "by two of two",
      { signedBy: [{ key: { publicKey } }, { keyless }], threshold: 2 },
    ],
    [
      "by an attestation alone",
      { attestations: [{ type: "spdxjson", by: signedBy }] },
    ],
    [
      "by a custom predicate type",
      {
        attestations: [{ type: "https://acme.example/checks/*", by: signedBy }],
      },
    ],
    [
      "with signatures that only warn beside an attestation",
      {
        signedBy,
        signedByMode: "warn",
        attestations: [{ type: "vuln", by: signedBy }],
      },
    ],
    [
      "unverified for a reason",
      { unverified: "vendor does not sign yet, ticket 123" },
    ],
    ["shared", { use: "vendors" }],
  ])("%s", (_, policy) => {
    expect(checkShape(resource, { policy })).toEqual([]);
  });
});

describe("a pattern", () => {
  const policyOf = (identityPattern: string): PolicyInput => ({
    signedBy: [{ keyless: { issuer: "x", identityPattern } }],
  });

  test.each([
    ["(", /not an RE2 pattern/],
    ["(?=x)y", /not an RE2 pattern/],
    ["(a)\\1", /not an RE2 pattern/],
    [".*", /matches every identity/],
    ["(?s).+", /matches every identity/],
  ])("%s is an error at the property", async (pattern, reason) => {
    expect(await examinePolicy(policyOf(pattern))).toEqual([
      {
        path: ["signedBy", 0, "keyless", "identityPattern"],
        reason: expect.stringMatching(reason),
      },
    ]);
    await expect(preparePolicy(policyOf(pattern), contextOf())).rejects.toThrow(
      "policy.signedBy[0].keyless.identityPattern",
    );
  });

  test("T36: that would hang other engines is compiled and used in time", async () => {
    const policy = policyOf("(a+)+$");
    expect(await examinePolicy(policy)).toEqual([]);
  });
});

describe("a prepared policy", () => {
  test("has a requirement for each thing that must be proven, named by its property", async () => {
    const policy = await preparePolicy(
      {
        signedBy: [{ key: { publicKey } }, { keyless }],
        attestations: [{ type: "vuln", by: [{ keyless }], mode: "warn" }],
      },
      contextOf(),
    );
    expect(policy.unverified).toBeUndefined();
    expect(
      policy.requirements.map(({ name, blocks, authorities }) => [
        name,
        blocks,
        authorities.map((authority) => authority.name),
      ]),
    ).toEqual([
      ["signedBy", true, ["signedBy[0].key", "signedBy[1].keyless"]],
      ["attestations[0]", false, ["attestations[0].by[0].keyless"]],
    ]);
  });

  test("must see everything for all or the latest of several statements, and not for any of them", async () => {
    const by = [{ key: { publicKey } }];
    const policy = await preparePolicy(
      {
        attestations: [
          { type: "vuln", by },
          { type: "vuln", by, match: "all" },
          { type: "vuln", by, match: "latest" },
        ],
        provenance: [{ by, match: "all" }],
      },
      contextOf(),
    );
    expect(policy.requirements.map(({ needsAll = false }) => needsAll)).toEqual(
      [false, true, true, true],
    );
  });

  test("that is unverified has no requirements, and says why", async () => {
    const policy = await preparePolicy(
      { unverified: "ticket 123" },
      contextOf(),
    );
    expect(policy).toMatchObject({
      unverified: "ticket 123",
      requirements: [],
    });
  });

  test.each<[string, object]>([
    ["empty", {}],
    ["shared and not looked up", { use: "vendors" }],
    [
      "with a private key",
      { signedBy: [{ key: { publicKey: privateKeyPem } }] },
    ],
  ])("cannot be made of one that is %s", async (_, policy) => {
    const failed = await preparePolicy(policy, contextOf()).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(MirrorError);
    expect(failed).toMatchObject({ fault: "invalid", code: "INVALID_INPUT" });
    expect(String(failed)).not.toContain(privateKeyPem.split("\n")[1]);
  });
});

describe("the policy's digest", () => {
  const base: PolicyInput = { signedBy: [{ key: { publicKey } }, { keyless }] };
  const digest = policyDigest(base);

  test("is a digest, and the same as the prepared policy's", async () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await preparePolicy(base, contextOf())).digest).toBe(digest);
  });

  test("does not change with layout or with defaults written out", () => {
    const same: PolicyInput = {
      threshold: 1,
      signedByMode: "enforce",
      signedBy: [
        {
          key: {
            tlog: "required",
            dockerReference: "ignore",
            publicKey: publicKey.replace(/\n/g, "\r\n"),
          },
        },
        { keyless: { identity: keyless.identity, issuer: keyless.issuer } },
      ],
    };
    expect(policyDigest(same)).toBe(digest);
  });

  test.each<[string, PolicyInput]>([
    [
      "another key",
      {
        signedBy: [
          { key: { publicKey: keySigner().publicKeyPem } },
          { keyless },
        ],
      },
    ],
    [
      "another identity",
      {
        signedBy: [
          { key: { publicKey } },
          { keyless: { ...keyless, identity: "you@acme.example" } },
        ],
      },
    ],
    [
      "another condition",
      {
        signedBy: [
          { key: { publicKey } },
          { keyless: { ...keyless, extensions: { buildTrigger: "push" } } },
        ],
      },
    ],
    ["another threshold", { ...base, threshold: 2 }],
    [
      "another mode",
      {
        ...base,
        signedByMode: "warn",
        attestations: [{ type: "vuln", by: base.signedBy ?? [] }],
      },
    ],
    ["one authority less", { signedBy: [{ key: { publicKey } }] }],
    [
      "another need of a log",
      { signedBy: [{ key: { publicKey, tlog: "not-required" } }, { keyless }] },
    ],
    ["a reason", { unverified: "x" }],
  ])("changes with %s", (_, policy) => {
    expect(policyDigest(policy)).not.toBe(digest);
  });

  test("changes with trust material, but not with its layout", async () => {
    const root = (
      await import("../../../provider/verifiers/trust/publicGoodRoot.json")
    ).default;
    const withRoot = (document: object, indent?: number): PolicyInput => ({
      signedBy: [
        {
          key: {
            publicKey,
            trustedRoots: [JSON.stringify(document, null, indent)],
          },
        },
        { keyless },
      ],
    });
    expect(policyDigest(withRoot(root))).toBe(digest); // the embedded root, given by hand
    expect(policyDigest(withRoot(root, 4))).toBe(digest);
    const [log] = root.tlogs;
    expect(policyDigest(withRoot({ ...root, tlogs: [log] }))).not.toBe(digest);
  });
});

describe("the schema", () => {
  const schema = z.toJSONSchema(resource, { io: "input" });
  const definitions = Object.entries(schema.$defs ?? {});

  test("has a name for every nested object, and no union", () => {
    expect(definitions.map(([name]) => name).sort()).toEqual([
      "AttestationRequirement",
      "CertificateAuthority",
      "CertificateExtensions",
      "GithubAuthority",
      "GitlabAuthority",
      "KeyAuthority",
      "KeylessAuthority",
      "NotationAuthority",
      "NotationTrustStores",
      "PluginPolicy",
      "PluginRequirement",
      "Policy",
      "ProvenanceParameters",
      "ProvenanceRequirement",
      "SignedBy",
    ]);
    expect(JSON.stringify(schema)).not.toMatch(/"(anyOf|oneOf)"/);
  });

  test("describes every type and property", () => {
    const bare = definitions.flatMap(([name, definition]) => [
      ...(definition.description ? [] : [name]),
      ...Object.entries(definition.properties ?? {})
        .filter(
          ([, property]) =>
            typeof property !== "object" || !property.description,
        )
        .map(([property]) => `${name}.${property}`),
    ]);
    expect(bare).toEqual([]);
  });
});

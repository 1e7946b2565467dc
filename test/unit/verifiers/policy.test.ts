import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import { MirrorError } from "../../../provider/mirror/errors";
import { unknown, type Values } from "../../../provider/mirror/lifecycle";
import { checkShape } from "../../../provider/verifiers/checkShape";
import {
  examinePolicy,
  policyDigest,
  policySchema,
  preparePolicy,
  type PolicyInput,
} from "../../../provider/verifiers/policy";
import { certificatePem, keySigner, pemOf } from "../../samples/signers";
import { createAuthority } from "./certificates";

const resource = z.strictObject({ policy: policySchema });
const publicKey = keySigner().publicKeyPem;
const signedBy = [{ key: { publicKey } }];
const keyless = {
  issuer: "https://issuer.example",
  identity: "me@acme.example",
};
const failuresOf = (policy: unknown) =>
  checkShape(resource, { policy } as Values);

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
    expect(failuresOf(policy)).toEqual([]);
  });
});

const privateKeyPem = keySigner().privateKeyPem;
const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
const odd = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey;
const certificate = certificatePem(createAuthority(new Date()).certificate);

describe("a policy fails at the property", () => {
  test.each<[string, unknown, string, RegExp]>([
    ["without any", undefined, "policy", /is missing/],
    ["empty", {}, "policy", /is empty.*signedBy/],
    [
      "with only warnings",
      { signedBy, signedByMode: "warn" },
      "policy",
      /blocks nothing/,
    ],
    [
      "with only an attestation that warns",
      { attestations: [{ type: "vuln", by: signedBy, mode: "warn" }] },
      "policy",
      /blocks nothing/,
    ],
    [
      "with nobody to sign",
      { signedBy: [] },
      "policy.signedBy",
      /names nobody/,
    ],
    [
      "with a rule for nobody",
      { signedBy: [{}] },
      "policy.signedBy[0]",
      /says nobody.*there is no "any"/,
    ],
    [
      "with a rule for two kinds at once",
      { signedBy: [{ key: { publicKey }, keyless }] },
      "policy.signedBy[0]",
      /must be one of/,
    ],
    [
      "with a key rule without a key",
      { signedBy: [{ key: {} }] },
      "policy.signedBy[0].key.publicKey",
      /is missing/,
    ],
    [
      "without an issuer",
      { signedBy: [{ keyless: { identity: "x" } }] },
      "policy.signedBy[0].keyless.issuer",
      /is missing/,
    ],
    [
      "with an empty issuer",
      { signedBy: [{ keyless: { issuer: "", identity: "x" } }] },
      "policy.signedBy[0].keyless.issuer",
      /no "any"/,
    ],
    [
      "without an identity",
      { signedBy: [{ keyless: { issuer: "x" } }] },
      "policy.signedBy[0].keyless.identity",
      /is missing/,
    ],
    [
      "with an empty identity",
      { signedBy: [{ keyless: { issuer: "x", identity: "" } }] },
      "policy.signedBy[0].keyless.identity",
      /no "any"/,
    ],
    [
      "with an empty pattern",
      { signedBy: [{ keyless: { issuer: "x", identityPattern: "" } }] },
      "policy.signedBy[0].keyless.identityPattern",
      /no "any"/,
    ],
    [
      "with identity and pattern",
      { signedBy: [{ keyless: { ...keyless, identityPattern: "x" } }] },
      "policy.signedBy[0].keyless.identityPattern",
      /excludes identity/,
    ],
    [
      "with an unknown certificate extension",
      { signedBy: [{ keyless: { ...keyless, extensions: { repo: "x" } } }] },
      "policy.signedBy[0].keyless.extensions.repo",
      /known are.*sourceRepositoryUri/,
    ],
    [
      "with text that is no PEM",
      { signedBy: [{ key: { publicKey: "hello" } }] },
      "policy.signedBy[0].key.publicKey",
      /BEGIN PUBLIC KEY/,
    ],
    [
      "with two keys in one",
      { signedBy: [{ key: { publicKey: publicKey + publicKey } }] },
      "policy.signedBy[0].key.publicKey",
      /one PEM block/,
    ],
    [
      "with a broken key",
      { signedBy: [{ key: { publicKey: publicKey.replace(/M/, "A") } }] },
      "policy.signedBy[0].key.publicKey",
      /not a public key that can be read/,
    ],
    [
      "with a private key",
      { signedBy: [{ key: { publicKey: privateKeyPem } }] },
      "policy.signedBy[0].key.publicKey",
      /holds a private key/,
    ],
    [
      "with a certificate for a key",
      { signedBy: [{ key: { publicKey: certificate } }] },
      "policy.signedBy[0].key.publicKey",
      /holds a certificate/,
    ],
    [
      "with a weak key",
      { signedBy: [{ key: { publicKey: pemOf(weak) } }] },
      "policy.signedBy[0].key.publicKey",
      /1024 bits/,
    ],
    [
      "with a key on another curve",
      { signedBy: [{ key: { publicKey: pemOf(odd) } }] },
      "policy.signedBy[0].key.publicKey",
      /P-256/,
    ],
    [
      "with a bad trusted root",
      { signedBy: [{ key: { publicKey, trustedRoots: ["{}"] } }] },
      "policy.signedBy[0].key.trustedRoots[0]",
      /trusted_root\.json: mediaType/,
    ],
    [
      "with a threshold too high",
      { signedBy, threshold: 2 },
      "policy.threshold",
      /names only 1/,
    ],
    [
      "with a threshold of none",
      { signedBy, threshold: 0 },
      "policy.threshold",
      /at least 1/,
    ],
    [
      "with a threshold of half",
      { signedBy, threshold: 0.5 },
      "policy.threshold",
      /must be a whole number/,
    ],
    [
      "with a threshold for nobody",
      { threshold: 1, attestations: [{ type: "vuln", by: signedBy }] },
      "policy.threshold",
      /goes only with signedBy/,
    ],
    [
      "with the same authority twice",
      {
        signedBy: [
          { key: { publicKey } },
          { key: { publicKey: `\n${publicKey}\n` } },
        ],
        threshold: 2,
      },
      "policy.signedBy[1]",
      /same as signedBy\[0\]/,
    ],
    [
      "with an unknown attestation type",
      { attestations: [{ type: "sbom", by: signedBy }] },
      "policy.attestations[0].type",
      /spdxjson/,
    ],
    [
      "with a star inside a type",
      { attestations: [{ type: "https://acme.example/*/x", by: signedBy }] },
      "policy.attestations[0].type",
      /last character/,
    ],
    [
      "with an attestation by nobody",
      { attestations: [{ type: "vuln", by: [] }] },
      "policy.attestations[0].by",
      /names nobody/,
    ],
    [
      "with an attestation without by",
      { attestations: [{ type: "vuln" }] },
      "policy.attestations[0].by",
      /is missing: a list/,
    ],
    [
      "unverified without a reason",
      { unverified: " " },
      "policy.unverified",
      /must say why/,
    ],
    [
      "unverified beside a rule",
      { unverified: "later", signedBy },
      "policy.unverified",
      /excludes every other word.*signedBy/,
    ],
    [
      "shared beside a rule",
      { use: "vendors", signedBy },
      "policy.use",
      /excludes every other word/,
    ],
    [
      "shared and unverified",
      { use: "vendors", unverified: "x" },
      "policy.unverified",
      /excludes/,
    ],
    [
      "with an unknown word",
      { signedby: signedBy },
      "policy.signedby",
      /is not known here; known are signedBy/,
    ],
    [
      "with a word that is not there yet",
      { signedBy, coverage: "root" },
      "policy.coverage",
      /is not known here/,
    ],
    [
      "with an unknown mode",
      { signedBy, signedByMode: "audit" },
      "policy.signedByMode",
      /"enforce" or "warn"/,
    ],
    ["that is a string", "yes", "policy", /must be an object/],
    [
      "T39: with a prototype",
      JSON.parse('{"__proto__":{"unverified":"x"}}'),
      "policy.__proto__",
      /is not known here/,
    ],
  ])("%s", (_, policy, property, reason) => {
    const failures = failuresOf(policy);
    expect(failures).toContainEqual({
      property,
      reason: expect.stringMatching(reason),
    });
    expect(JSON.stringify(failures)).not.toContain(
      privateKeyPem.split("\n")[1],
    );
  });
});

describe("values that are not known yet", () => {
  test.each<[string, unknown]>([
    ["the whole policy", unknown],
    ["all authorities", { signedBy: unknown }],
    ["one authority", { signedBy: [unknown] }],
    ["a key", { signedBy: [{ key: { publicKey: unknown } }] }],
    ["the settings of a key", { signedBy: [{ key: unknown }] }],
    [
      "an issuer",
      { signedBy: [{ keyless: { issuer: unknown, identity: "x" } }] },
    ],
    [
      "an identity",
      { signedBy: [{ keyless: { issuer: "x", identity: unknown } }] },
    ],
    ["a threshold", { signedBy, threshold: unknown }],
    ["a mode", { signedBy, signedByMode: unknown }],
    ["a reason", { unverified: unknown }],
    ["a type", { attestations: [{ type: unknown, by: signedBy }] }],
  ])("%s may be unknown", (_, policy) => {
    expect(failuresOf(policy)).toEqual([]);
  });

  test("what is wrong beside them is told all the same", () => {
    const policy = {
      signedBy: [
        { key: { publicKey: unknown } },
        { key: { publicKey: "x" } },
        {},
      ],
      treshold: 1,
    };
    expect(failuresOf(policy).map(({ property }) => property)).toEqual(
      expect.arrayContaining([
        "policy.signedBy[1].key.publicKey",
        "policy.signedBy[2]",
        "policy.treshold",
      ]),
    );
    expect(failuresOf(policy)).toHaveLength(3);
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
    await expect(preparePolicy(policyOf(pattern))).rejects.toThrow(
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
    const policy = await preparePolicy({
      signedBy: [{ key: { publicKey } }, { keyless }],
      attestations: [{ type: "vuln", by: [{ keyless }], mode: "warn" }],
    });
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

  test("that is unverified has no requirements, and says why", async () => {
    const policy = await preparePolicy({ unverified: "ticket 123" });
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
    const failed = await preparePolicy(policy).catch((error: unknown) => error);
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
    expect((await preparePolicy(base)).digest).toBe(digest);
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
      await import("../../../provider/verifiers/authorities/publicGoodRoot.json")
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
      "CertificateExtensions",
      "KeyAuthority",
      "KeylessAuthority",
      "Policy",
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

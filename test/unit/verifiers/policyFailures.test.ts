import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import type { Values } from "../../../provider/mirror/lifecycle";
import { checkShape } from "../../../provider/verifiers/checkShape";
import { policySchema } from "../../../provider/verifiers/policy";
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
      "with a private key whose letters are also those of URL-safe base64",
      {
        signedBy: [
          {
            key: {
              publicKey:
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            },
          },
        ],
      },
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
      "T40: with a threshold of none",
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
      { signedBy, whatever: "root" },
      "policy.whatever",
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

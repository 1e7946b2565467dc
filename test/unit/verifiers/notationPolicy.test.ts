import { readTrustPolicy } from "../../../provider/verifiers/authorities/notation/trustPolicy";
import {
  statementOf,
  trustPolicyOf,
  type StatementWish,
} from "../../samples/notation";

const dn = (text: string) => `x509.subject: ${text}`;
const good = "C=US, ST=WA, O=acme";

/** What is wrong with a trust policy, or nothing. */
function wrongWith(text: string): string {
  try {
    readTrustPolicy(text);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

const wrongWithStatement = (wish: StatementWish) =>
  wrongWith(trustPolicyOf(statementOf("prod", wish)));

test.each<[string, StatementWish]>([
  ["every level", { level: "permissive" }],
  ["the level that skips", { level: "skip" }],
  ["overrides", { override: { expiry: "log", revocation: "skip" } }],
  ["when timestamps are looked at", { verifyTimestamp: "afterCertExpiry" }],
  [
    "several repositories",
    { scopes: ["ghcr.io/acme/app", "localhost:5000/a_b/c__d/e--f.g"] },
  ],
  ["a layout's scope", { scopes: ["local/layout"] }],
  [
    "stores of all types",
    { stores: ["ca:acme-1", "signingAuthority:a_b", "tsa:x.y"] },
  ],
  ["anybody", { identities: ["*"] }],
  [
    "two that do not overlap",
    { identities: [dn(good), dn("C=US, S=WA, O=other")] },
  ],
  [
    "an escaped comma",
    { identities: [dn(String.raw`C=US, ST=WA, O=acme\, Inc.`)] },
  ],
  ["identities of notation's plugins", { identities: ["com.acme.identity:x"] }],
])("a trust policy may have %s", (_, wish) => {
  expect(wrongWithStatement(wish)).toBe("");
});

test.each<[string, StatementWish, string]>([
  ["a level that is none", { level: "lenient" }, "signatureVerification.level"],
  ["no level", { level: "" }, "signatureVerification.level"],
  [
    "an override of integrity",
    { override: { integrity: "log" } },
    "cannot override integrity",
  ],
  [
    "an override of what is no check",
    { override: { signature: "log" } },
    "none of authenticity",
  ],
  [
    "an override to what is no action",
    { override: { expiry: "warn" } },
    "none of enforce",
  ],
  [
    "an override that skips expiry",
    { override: { expiry: "skip" } },
    "only revocation",
  ],
  [
    "an override of skip",
    { level: "skip", override: { expiry: "log" } },
    "cannot override level skip",
  ],
  [
    "verifyTimestamp that is none",
    { verifyTimestamp: "never" },
    "neither always nor afterCertExpiry",
  ],
  ["no scope", { scopes: [] }, "registryScopes is empty"],
  ["* beside a scope", { scopes: ["*", "ghcr.io/acme/app"] }, "it goes alone"],
  [
    "a scope with a wildcard",
    { scopes: ["ghcr.io/acme/*"] },
    "no whole repository",
  ],
  [
    "a scope with a tag",
    { scopes: ["ghcr.io/acme/app:1"] },
    "no whole repository",
  ],
  [
    "a scope with a scheme",
    { scopes: ["https://ghcr.io/acme/app"] },
    "no whole repository",
  ],
  ["a registry alone", { scopes: ["ghcr.io"] }, "no whole repository"],
  [
    "a scope in capitals",
    { scopes: ["ghcr.io/Acme/app"] },
    "no whole repository",
  ],
  [
    "a scope twice",
    { scopes: ["ghcr.io/acme/app", "ghcr.io/acme/app"] },
    "twice",
  ],
  ["no stores", { stores: [] }, "needs trustStores"],
  [
    "no identities",
    { identities: [] },
    "needs trustStores and trustedIdentities",
  ],
  ["a store of no type", { stores: ["root:acme"] }, "not one of ca"],
  ["a store without a type", { stores: ["acme"] }, "not one of ca"],
  ["a store whose name is a path", { stores: ["ca:../acme"] }, "not one of ca"],
  ["* beside an identity", { identities: ["*", dn(good)] }, "it goes alone"],
  ["an identity without a kind", { identities: [good] }, "no kind of identity"],
  [
    "an identity without a state",
    { identities: [dn("C=US, O=acme")] },
    "has no ST",
  ],
  [
    "an identity without a country",
    { identities: [dn("ST=WA, O=acme")] },
    "has no C",
  ],
  ["an empty identity", { identities: ["x509.subject:"] }, "no TYPE=value"],
  [
    "an identity with an attribute twice",
    { identities: [dn(`${good}, O=acme`)] },
    "O twice",
  ],
  [
    "an identity with joined attributes",
    { identities: [dn(`${good}+OU=x`)] },
    "joins attributes",
  ],
  [
    "an identity with a value in hex",
    { identities: [dn(`${good}, CN=#0401ff`)] },
    "=#",
  ],
  [
    "an identity that ends in a backslash",
    { identities: [dn(`${good}\\`)] },
    "escape",
  ],
  [
    "an identity with an escape that is none",
    { identities: [dn(String.raw`C=US, ST=WA, O=ac\me`)] },
    "escape",
  ],
  [
    "a part that is no pair",
    { identities: [dn(`${good}, acme`)] },
    "no TYPE=value",
  ],
  [
    "identities that overlap",
    { identities: [dn(good), dn(`${good}, CN=x`)] },
    "overlap",
  ],
])("a trust policy must not have %s", (_, wish, reason) => {
  expect(wrongWithStatement(wish)).toContain(reason);
});

test.each([
  [
    "two statements of one name",
    trustPolicyOf(
      statementOf("prod"),
      statementOf("prod", { scopes: ["a.io/b"] }),
    ),
    "name",
  ],
  [
    "two statements for all",
    trustPolicyOf(statementOf("one"), statementOf("two")),
    "registry scope",
  ],
  [
    "a repository in two statements",
    trustPolicyOf(
      statementOf("one", { scopes: ["a.io/b"] }),
      statementOf("two", { scopes: ["a.io/b"] }),
    ),
    "registry scope",
  ],
  ["no statement", trustPolicyOf(), "no statements"],
  [
    "a statement without a name",
    trustPolicyOf(statementOf("")),
    "name is empty",
  ],
  ["no version", '{"trustPolicies":[]}', "version"],
  ["another version", '{"version":"2.0","trustPolicies":[]}', "version"],
  ["a member twice", '{"version":"1.0","version":"1.0"}', "version"],
  ["a member whose case differs", '{"Version":"1.0"}', "version"],
  ["no JSON", "version: 1.0", ""],
])("a trust policy must not have %s", (_, text, reason) => {
  expect(wrongWith(text)).not.toBe("");
  expect(wrongWith(text)).toContain(reason);
});

import { statementOf, type StatementWish } from "../../samples/notation";
import type { NotationTrust } from "./notationTrust";

/** A trust policy, written for one repository. */
export interface NotationPolicy {
  readonly name: string;
  /** its statements */
  readonly statements: (repository: string) => readonly unknown[];
  /** the whole document, where it is not made of the statements alone */
  readonly document?: (statements: readonly unknown[]) => unknown;
}

const checks = ["authenticity", "authenticTimestamp", "expiry", "revocation"];
const all = ["ca:acme", "signingAuthority:acme"];
const withTsa = [...all, "tsa:acme"];

const one = (name: string, wish: StatementWish = {}): NotationPolicy => ({
  name,
  statements: () => [statementOf("prod", { stores: all, ...wish })],
});

/** The same with every level that verifies anything. */
export const notationLevels: readonly NotationPolicy[] = [
  one("level:strict"),
  one("level:permissive", { level: "permissive" }),
  one("level:audit", { level: "audit" }),
  one("level:strict with tsa", { stores: withTsa }),
];

const overrides = ["strict", "permissive", "audit"].flatMap((level) =>
  [...checks, "integrity"].flatMap((check) =>
    ["enforce", "log", "skip"].map((action) =>
      one(`level:${level} override:${check}=${action}`, {
        level,
        override: { [check]: action },
        stores: withTsa,
      }),
    ),
  ),
);

const subject = (text: string) => ({ identities: [`x509.subject:${text}`] });
const identities = [
  one("identity:*", { identities: ["*"] }),
  one("identity:whole", subject("C=US,ST=WA,O=acme,CN=release")),
  one("identity:order", subject("CN=release,O=acme,ST=WA,C=US")),
  one("identity:alias", subject("C=US,S=WA,O=acme")),
  one("identity:small letters", subject("c=US,st=WA,o=acme")),
  one("identity:value in capitals", subject("C=US,ST=WA,O=ACME")),
  one("identity:other", subject("C=US,ST=WA,O=other")),
  one("identity:longer", subject("C=US,ST=WA,O=acme,OU=build")),
  one("identity:without C", subject("ST=WA,O=acme")),
  one("identity:without ST", subject("C=US,O=acme")),
  one("identity:twice", subject("C=US,ST=WA,O=acme,O=acme")),
  one("identity:multi-valued", subject("C=US,ST=WA,O=acme+OU=x")),
  one("identity:empty", subject("")),
  one("identity:escaped", subject("C=US,ST=WA,O=acme,CN=a\\, b")),
  one("identity:hex", subject("C=US,ST=WA,O=#0c0461636d65")),
  one("identity:overlapping", {
    identities: [
      "x509.subject:C=US,ST=WA,O=acme",
      "x509.subject:C=US,ST=WA,O=acme,CN=release",
    ],
  }),
  one("identity:two", {
    identities: [
      "x509.subject:C=US,ST=WA,O=other",
      "x509.subject:C=US,ST=WA,O=acme",
    ],
  }),
  one("identity:unknown kind", { identities: ["x509.san:acme"] }),
  one("identity:unknown kind beside", {
    identities: ["x509.san:acme", "x509.subject:C=US,ST=WA,O=acme"],
  }),
  one("identity:* beside", {
    identities: ["*", "x509.subject:C=US,ST=WA,O=acme"],
  }),
  one("identity:no colon", { identities: ["acme"] }),
  one("identity:none", { identities: [] }),
];

const stores = [
  one("stores:ca alone", { stores: ["ca:acme"] }),
  one("stores:authority alone", { stores: ["signingAuthority:acme"] }),
  one("stores:other", { stores: ["ca:other", "signingAuthority:other"] }),
  one("stores:both", { stores: ["ca:other", "ca:acme"] }),
  one("stores:intermediate", { stores: ["ca:intermediate"] }),
  one("stores:leafless", { stores: ["tsa:acme"] }),
  one("stores:other tsa", { stores: [...all, "tsa:other"] }),
  one("stores:two tsas", { stores: [...withTsa, "tsa:other"] }),
  one("stores:absent", { stores: ["ca:absent"] }),
  one("stores:absent beside", { stores: ["ca:acme", "ca:absent"] }),
  one("stores:unknown type", { stores: ["xa:acme"] }),
  one("stores:bad name", { stores: ["ca:../acme"] }),
  one("stores:none", { stores: [] }),
  one("stores:tsa, afterCertExpiry", {
    stores: withTsa,
    verifyTimestamp: "afterCertExpiry",
  }),
  one("stores:tsa, always", { stores: withTsa, verifyTimestamp: "always" }),
  one("stores:tsa, never", { stores: withTsa, verifyTimestamp: "never" }),
  one("stores:tsa permissive", { stores: withTsa, level: "permissive" }),
];

const skip = (scopes: readonly string[], name = "skip") =>
  statementOf(name, { scopes, level: "skip" });
const strict = (scopes: readonly string[], name = "strict") =>
  statementOf(name, { scopes, stores: all });
const scoped = (
  name: string,
  statements: NotationPolicy["statements"],
): NotationPolicy => ({ name: `scope:${name}`, statements });
const parent = (repository: string) =>
  repository.split("/").slice(0, -1).join("/");
const scopes = [
  scoped("exact", (here) => [strict([here])]),
  scoped("elsewhere", () => [strict(["registry.example/other"])]),
  scoped("exact, all skipped", (here) => [strict([here]), skip(["*"])]),
  scoped("skipped, all strict", (here) => [skip([here]), strict(["*"])]),
  scoped("two", (here) => [strict(["registry.example/other", here])]),
  scoped("parent", (here) => [strict([parent(here)])]),
  scoped("parent with star", (here) => [strict([`${parent(here)}/*`])]),
  scoped("with tag", (here) => [strict([`${here}:v1`])]),
  scoped("with scheme", (here) => [strict([`http://${here}`])]),
  scoped("capitals", (here) => [strict([here.toUpperCase()])]),
  scoped("star beside", (here) => [strict([here, "*"])]),
  scoped("two stars", () => [strict(["*"], "one"), strict(["*"], "two")]),
  scoped("the same twice", (here) => [
    strict([here], "one"),
    strict([here], "two"),
  ]),
  scoped("one name twice", (here) => [
    strict([here], "one"),
    strict(["*"], "one"),
  ]),
  scoped("none", () => [strict([])]),
  scoped("skip that trusts", () => [
    {
      ...statementOf("skip", { level: "skip" }),
      trustStores: all,
      trustedIdentities: ["*"],
    },
  ]),
];

const documents: readonly NotationPolicy[] = [
  {
    ...one("document:version 2"),
    document: (trustPolicies) => ({ version: "2.0", trustPolicies }),
  },
  {
    ...one("document:no version"),
    document: (trustPolicies) => ({ trustPolicies }),
  },
  {
    ...one("document:unknown member"),
    document: (trustPolicies) => ({ version: "1.0", trustPolicies, more: 1 }),
  },
  {
    ...one("document:capitals"),
    document: (trustPolicies) => ({
      Version: "1.0",
      TrustPolicies: trustPolicies,
    }),
  },
  {
    ...one("document:no statements"),
    document: () => ({ version: "1.0", trustPolicies: [] }),
  },
  one("level:unknown", { level: "lax" }),
  one("level:skip", { level: "skip" }),
  {
    name: "document:unnamed statement",
    statements: () => [statementOf("", { stores: all })],
  },
];

/** All of them. */
export const notationPolicies: readonly NotationPolicy[] = [
  ...notationLevels,
  ...overrides,
  ...identities,
  ...stores,
  ...scopes,
  ...documents,
];

/** The trust stores that every policy picks from. */
export function notationStores(trust: NotationTrust) {
  const roots = { acme: [trust.root.pem], other: [trust.otherRoot.pem] };
  return {
    ca: { ...roots, intermediate: [trust.intermediate.pem] },
    signingAuthority: roots,
    tsa: { acme: [trust.tsa.root.pem], other: [trust.otherTsa.root.pem] },
  };
}

/** A `trustpolicy.json` for a repository, as plain data. */
export function documentOf(
  { statements, document }: NotationPolicy,
  repository: string,
): unknown {
  const made = statements(repository);
  return document?.(made) ?? { version: "1.0", trustPolicies: made };
}

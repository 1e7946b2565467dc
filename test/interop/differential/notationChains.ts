import { acme } from "../../samples/notation";
import {
  extension,
  extensions,
  purposeOids,
  type Issuer,
} from "../../samples/pki";
import {
  ocspResponse,
  revocationList,
  type Answering,
} from "../../samples/revocation";
import { ago, day, hour, type NotationEvidence } from "./notationEvidence";
import type { NotationTrust } from "./notationTrust";

const byAuthority = { scheme: "notary.x509.signingAuthority" } as const;
const usage = extensions.keyUsage([0]);

/** Every other kind of key. */
export const notationKeys: readonly NotationEvidence[] = (
  ["P-384", "P-521", "RSA-2048", "RSA-3072"] as const
).map((key) => ({ name: `key ${key}`, leaf: { key } }));

/** What is wrong with the chain, or only looks so. */
export const notationChains: readonly NotationEvidence[] = [
  {
    name: "through an intermediate",
    issuer: ({ root, intermediate }) => [intermediate, root],
  },
  { name: "by somebody else's root", issuer: ({ otherRoot }) => [otherRoot] },
  { name: "chain without its root", chain: (right) => right.slice(0, 1) },
  { name: "chain reversed", chain: (right) => [...right].reverse() },
  {
    name: "chain with the root twice",
    chain: (right) => [...right, ...right.slice(-1)],
  },
  {
    name: "chain lacks the intermediate",
    issuer: ({ root, intermediate }) => [intermediate, root],
    chain: (right) => right.filter((_, i) => i !== 1),
  },
  {
    name: "key usage is not critical",
    leaf: { extensions: [extensions.keyUsage([0], false)] },
  },
  { name: "no key usage", leaf: { extensions: [] } },
  {
    name: "key usage besides",
    leaf: { extensions: [extensions.keyUsage([0, 2])] },
  },
  {
    name: "content commitment besides",
    leaf: { extensions: [extensions.keyUsage([0, 1])] },
  },
  { name: "no purposes", leaf: { extensions: [usage] } },
  {
    name: "for servers too",
    leaf: {
      extensions: [
        usage,
        extensions.purposes([purposeOids.codeSigning, purposeOids.serverAuth]),
      ],
    },
  },
  {
    name: "for OCSP too",
    leaf: {
      extensions: [
        usage,
        extensions.purposes([purposeOids.codeSigning, purposeOids.ocspSigning]),
      ],
    },
  },
  {
    name: "for an unknown purpose",
    leaf: { extensions: [usage, extensions.purposes(["1.2.3.4"])] },
  },
  {
    name: "leaf is an authority",
    leaf: { extensions: [extensions.authority(), usage] },
  },
  {
    name: "unknown critical extension",
    leaf: { more: [extension("1.2.3.4", Buffer.from("0500", "hex"), true)] },
  },
  {
    name: "unknown extension",
    leaf: { more: [extension("1.2.3.4", Buffer.from("0500", "hex"))] },
  },
  { name: "a name of one part", leaf: { name: "release" } },
  { name: "a longer name", leaf: { name: [...acme, ["OU", "build"]] } },
  {
    name: "another organisation",
    leaf: {
      name: acme.map(
        ([word, text]) => [word, word === "O" ? "evil" : text] as const,
      ),
    },
  },
  {
    name: "a part twice in the name",
    leaf: { name: [...acme, ["OU", "one"], ["OU", "two"]] },
  },
  {
    name: "a comma in the name",
    leaf: {
      name: acme.map(
        ([word, text]) => [word, word === "CN" ? "a, b" : text] as const,
      ),
    },
  },
];

/** What those who know say of the leaf. */
export const notationRevocations: readonly NotationEvidence[] = [
  {
    name: "OCSP good",
    revocation: { ocsp: (leaf, { root }) => ocspResponse(leaf, root) },
  },
  {
    name: "OCSP revoked",
    revocation: {
      ocsp: (leaf, { root }) => ocspResponse(leaf, root, { status: "revoked" }),
    },
  },
  {
    name: "OCSP unknown",
    revocation: {
      ocsp: (leaf, { root }) => ocspResponse(leaf, root, { status: "unknown" }),
    },
  },
  { name: "OCSP silent", revocation: { ocsp: () => 500 } },
  {
    name: "OCSP by somebody else",
    revocation: {
      ocsp: (leaf, { root, otherRoot }) =>
        ocspResponse(leaf, root, { responder: otherRoot }),
    },
  },
  {
    name: "OCSP about another",
    revocation: {
      ocsp: (leaf, { root }) =>
        ocspResponse(leaf, root, { about: { serial: 77 } }),
    },
  },
  {
    name: "OCSP too old",
    revocation: {
      ocsp: (leaf, { root }) =>
        ocspResponse(leaf, root, { dates: [ago(3 * day), ago(2 * day)] }),
    },
  },
  {
    name: "OCSP tries later",
    revocation: {
      ocsp: (leaf, { root }) => ocspResponse(leaf, root, { code: 3 }),
    },
  },
  {
    name: "list good",
    revocation: { crl: (_, { root }) => revocationList(root) },
  },
  {
    name: "list names it",
    revocation: {
      crl: ({ serial }, { root }) =>
        revocationList(root, { entries: [{ serial }] }),
    },
  },
  {
    name: "list names another",
    revocation: {
      crl: (_, { root }) => revocationList(root, { entries: [{ serial: 77 }] }),
    },
  },
  {
    name: "list removes it",
    revocation: {
      crl: ({ serial }, { root }) =>
        revocationList(root, { entries: [{ serial, reason: 8 }] }),
    },
  },
  { name: "list silent", revocation: { crl: () => 404 } },
  {
    name: "list too old",
    revocation: {
      crl: (_, { root }) =>
        revocationList(root, { dates: [ago(3 * day), ago(2 * day)] }),
    },
  },
  {
    name: "list by somebody else",
    revocation: {
      crl: (_, { root, otherRoot }) =>
        revocationList(root, { signedBy: otherRoot }),
    },
  },
  {
    name: "OCSP silent, list good",
    revocation: { ocsp: () => 500, crl: (_, { root }) => revocationList(root) },
  },
  {
    name: "OCSP silent, list names it",
    revocation: {
      ocsp: () => 500,
      crl: ({ serial }, { root }) =>
        revocationList(root, { entries: [{ serial }] }),
    },
  },
  {
    name: "OCSP good, list names it",
    revocation: {
      ocsp: (leaf, { root }) => ocspResponse(leaf, root),
      crl: ({ serial }, { root }) =>
        revocationList(root, { entries: [{ serial }] }),
    },
  },
  {
    name: "authority's, revoked from later on (OCSP)",
    wish: { ...byAuthority, signedAt: ago(3 * hour) },
    revocation: {
      ocsp: (leaf, { root }) =>
        ocspResponse(leaf, root, { status: "revoked", invalidFrom: ago(hour) }),
    },
  },
  {
    name: "authority's, revoked from before (OCSP)",
    wish: { ...byAuthority, signedAt: ago(hour) },
    revocation: {
      ocsp: (leaf, { root }) =>
        ocspResponse(leaf, root, {
          status: "revoked",
          invalidFrom: ago(3 * hour),
        }),
    },
  },
  {
    name: "authority's, list names it from later on",
    wish: { ...byAuthority, signedAt: ago(3 * hour) },
    revocation: {
      crl: ({ serial }, { root }) =>
        revocationList(root, { entries: [{ serial, invalidFrom: ago(hour) }] }),
    },
  },
];

/** An authority of the root that names a responder for itself, and what that says. */
const checked =
  (answer: (authority: Issuer, root: Issuer) => Answering) =>
  ({ root, server }: NotationTrust): readonly Issuer[] => {
    served += 1;
    const path = `/above/${served}/`;
    const url = server.answers(path, 404);
    const above = root.authority({
      more: [extensions.ocsp(url)],
      validity: [ago(90 * day), ago(-90 * day)],
    });
    server.answers(path, answer(above, root));
    return [above, root];
  };

let served = 0;

/** What those who know say of an authority above the leaf. */
export const notationAuthorities: readonly NotationEvidence[] = [
  {
    name: "intermediate is good",
    issuer: checked((above, root) => ocspResponse(above, root)),
  },
  {
    name: "intermediate is revoked",
    issuer: checked((above, root) =>
      ocspResponse(above, root, { status: "revoked" }),
    ),
  },
  { name: "intermediate is not answered for", issuer: checked(() => 500) },
];

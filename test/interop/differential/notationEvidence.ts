import type { EnvelopeWish } from "../../samples/notationEnvelope";
import { acme, notationLayer, type NotationForm } from "../../samples/notation";
import {
  extension,
  extensions,
  purposeOids,
  type CertificateWish,
  type Issued,
  type Issuer,
} from "../../samples/pki";
import {
  ocspResponse,
  revocationList,
  type Answering,
} from "../../samples/revocation";
import type { SampleDescriptor } from "../../samples/target";
import { stamp } from "../../samples/timestampAuthority";
import type { NotationTrust } from "./notationTrust";

/** Evidence that is good but for one thing. */
export interface NotationEvidence {
  readonly name: string;
  readonly forms?: readonly NotationForm[];
  readonly wish?: EnvelopeWish | ((trust: NotationTrust) => EnvelopeWish);
  readonly leaf?: CertificateWish;
  /** who issues the leaf, and the rest of the chain */
  readonly issuer?: (trust: NotationTrust) => readonly Issuer[];
  /** the chain as it is written, leaf first */
  readonly chain?: (right: readonly Issued[]) => readonly Issued[];
  /** what its authority says of the leaf */
  readonly revocation?: {
    readonly ocsp?: (leaf: Issued, trust: NotationTrust) => Answering;
    readonly crl?: (leaf: Issued, trust: NotationTrust) => Answering;
  };
  /** spoils the bytes */
  readonly spoil?: (bytes: Buffer) => Buffer;
}

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const ago = (ms: number): Date => new Date(Date.now() - ms);
const byAuthority = { scheme: "notary.x509.signingAuthority" } as const;
const expired: CertificateWish = { validity: [ago(20 * day), ago(10 * day)] };
const usage = extensions.keyUsage([0]);
const jws: readonly NotationForm[] = ["jws"];
const cose: readonly NotationForm[] = ["cose"];

/** With a token of the timestamp authority, by default a good one. */
const stamped =
  (
    how: {
      readonly at?: Date;
      readonly by?: "other";
      readonly over?: Buffer;
    } = {},
  ) =>
  ({ tsa, otherTsa }: NotationTrust): EnvelopeWish => ({
    signedAt: how.at ?? ago(60_000),
    stamp: (signature) => {
      const authority = how.by ? otherTsa : tsa;
      return stamp(authority.leaf, how.over ?? signature, {
        time: how.at ?? ago(30_000),
        others: [authority.root],
      });
    },
  });

const times: readonly NotationEvidence[] = [
  { name: "plain" },
  { name: "by a signing authority", wish: byAuthority },
  { name: "expires later", wish: { expiry: new Date(Date.now() + day) } },
  {
    name: "has expired",
    wish: { signedAt: ago(3 * hour), expiry: ago(hour) },
  },
  {
    name: "expires before it was signed",
    wish: { signedAt: ago(hour), expiry: ago(2 * hour) },
  },
  { name: "signed in the future", wish: { signedAt: ago(-day) } },
  {
    name: "without a signing time",
    wish: { without: ["io.cncf.notary.signingTime"] },
  },
  {
    name: "certificate has expired",
    leaf: expired,
    wish: { signedAt: ago(15 * day) },
  },
  {
    name: "certificate begins tomorrow",
    leaf: { validity: [ago(-day), ago(-9 * day)] },
  },
  { name: "stamped", wish: stamped() },
  {
    name: "stamped, certificate has expired",
    leaf: expired,
    wish: stamped({ at: ago(15 * day) }),
  },
  {
    name: "stamped after the certificate's end",
    leaf: expired,
    wish: stamped({ at: ago(5 * day) }),
  },
  { name: "stamped by somebody else", wish: stamped({ by: "other" }) },
  {
    name: "stamped over something else",
    wish: stamped({ over: Buffer.from("else") }),
  },
  {
    name: "stamp is no token",
    wish: { stamp: () => Buffer.from("3003020101", "hex") },
  },
  {
    name: "authority signed within an expired certificate",
    leaf: expired,
    wish: { ...byAuthority, signedAt: ago(15 * day) },
  },
  {
    name: "authority signed after its certificate's end",
    leaf: expired,
    wish: { ...byAuthority, signedAt: ago(day) },
  },
];

const keys: readonly NotationEvidence[] = (
  ["P-384", "P-521", "RSA-2048", "RSA-3072"] as const
).map((key) => ({ name: `key ${key}`, leaf: { key } }));

const contents: readonly NotationEvidence[] = [
  {
    name: "another digest",
    wish: { target: { digest: `sha256:${"0".repeat(64)}` } },
  },
  { name: "another size", wish: { target: { size: 1 } } },
  { name: "another media type", wish: { target: { mediaType: "text/plain" } } },
  {
    name: "annotated target",
    wish: { target: { annotations: { build: "7" } } },
  },
  {
    name: "target says more",
    wish: { target: { urls: ["https://x.example"] } },
  },
  { name: "payload is no JSON", wish: { payload: Buffer.from("{") } },
  { name: "payload without a target", wish: { payload: Buffer.from("{}") } },
  { name: "payload of another type", wish: { contentType: "text/plain" } },
  {
    name: "algorithm of another key",
    wish: { algorithm: "PS256" },
    forms: jws,
  },
  { name: "algorithm none", wish: { algorithm: "none" }, forms: jws },
  { name: "algorithm HS256", wish: { algorithm: "HS256" }, forms: jws },
  { name: "algorithm of another curve", wish: { algorithm: -35 }, forms: cose },
  { name: "nothing critical", wish: { critical: [] } },
  {
    name: "critical, but absent",
    wish: { critical: ["io.cncf.notary.signingScheme", "absent"] },
  },
  {
    name: "scheme is not critical",
    wish: { critical: ["io.cncf.notary.signingTime"] },
  },
  {
    name: "unknown and critical",
    wish: { attributes: { "!com.example.unknown": "x" } },
  },
  {
    name: "unknown, not critical",
    wish: { attributes: { "com.example.unknown": "x" } },
  },
  {
    name: "wants a plugin",
    wish: {
      attributes: { "!io.cncf.notary.verificationPlugin": "com.example" },
    },
  },
  {
    name: "unknown scheme",
    wish: {
      without: ["io.cncf.notary.signingScheme"],
      attributes: { "!io.cncf.notary.signingScheme": "notary.x510" },
    },
  },
  { name: "unsigned header says more", wish: { unsigned: { more: "x" } } },
  {
    name: "a flipped bit at the end",
    spoil: (bytes) => flipped(bytes, bytes.length - 20),
  },
  {
    name: "a flipped bit in the middle",
    spoil: (bytes) => flipped(bytes, bytes.length >> 1),
  },
  {
    name: "a flipped bit at the beginning",
    spoil: (bytes) => flipped(bytes, 40),
  },
  {
    name: "bytes behind it",
    spoil: (bytes) => Buffer.concat([bytes, Buffer.from("x")]),
  },
  {
    name: "white space behind it",
    forms: jws,
    spoil: (bytes) => Buffer.concat([bytes, Buffer.from("\n")]),
  },
  { name: "without its last byte", spoil: (bytes) => bytes.subarray(0, -1) },
  { name: "no tag", forms: cose, spoil: (bytes) => bytes.subarray(1) },
  { name: "empty", spoil: () => Buffer.alloc(0) },
  {
    name: "a member twice",
    forms: jws,
    spoil: replaced('{"payload":', '{"payload":"e30","payload":'),
  },
  {
    name: "a member in capitals",
    forms: jws,
    spoil: replaced('"payload":', '"Payload":'),
  },
];

const chains: readonly NotationEvidence[] = [
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

const revocations: readonly NotationEvidence[] = [
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

/** All of them; the first is good in every way. */
export const notationEvidence: readonly NotationEvidence[] = [
  ...times,
  ...keys,
  ...contents,
  ...chains,
  ...revocations,
];

/** Evidence as it lies in a registry. */
export interface NotationSigned {
  readonly layer: { readonly mediaType: string; readonly bytes: Buffer };
  readonly chain: readonly Issued[];
}

let served = 0;

/** Signs a subject with whatever is wrong in this evidence. */
export function signedBy(
  one: NotationEvidence,
  form: NotationForm,
  {
    subject,
    trust,
  }: { readonly subject: SampleDescriptor; readonly trust: NotationTrust },
): NotationSigned {
  const above = one.issuer?.(trust) ?? [trust.root];
  const { ocsp, crl } = one.revocation ?? {};
  served += 1;
  const url = (kind: string) =>
    trust.server.answers(`/${kind}/${served}/`, 404);
  const more = [
    ...(one.leaf?.more ?? []),
    ...(ocsp ? [extensions.ocsp(url("ocsp"))] : []),
    ...(crl ? [extensions.crl(url("crl"))] : []),
  ];
  const leaf = above[0]?.issue({ name: acme, ...one.leaf, more });
  if (!leaf) throw new Error(`${one.name}: nobody issues`);
  if (ocsp) trust.server.answers(`/ocsp/${served}/`, ocsp(leaf, trust));
  if (crl) trust.server.answers(`/crl/${served}/`, crl(leaf, trust));
  const right = [leaf, ...above];
  const chain = one.chain?.(right) ?? right;
  const wish = typeof one.wish === "function" ? one.wish(trust) : one.wish;
  const layer = notationLayer(
    subject,
    { privateKey: leaf.privateKey, chain },
    { form, ...wish },
  );
  const bytes = one.spoil?.(layer.bytes) ?? layer.bytes;
  return { layer: { mediaType: layer.mediaType, bytes }, chain: right };
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function replaced(from: string, to: string) {
  return (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString("utf8").replace(from, to));
}

import {
  readCertificate,
  type Certificate,
} from "../../../provider/verifiers/x509/certificate";
import { findPath } from "../../../provider/verifiers/x509/path";
import { sequence, nothing, oid } from "../../samples/derWriter";
import {
  createRoot,
  createSelfSigned,
  extension,
  extensions,
  purposeOids,
  type CertificateWish,
  type Issued,
  type Issuer,
} from "../../samples/pki";

const now = new Date();
const past: readonly [Date, Date] = [new Date(0), new Date(1000)];
const root = createRoot();
const middle = root.authority();

interface Case {
  readonly leaf: Issued;
  readonly others?: readonly Issued[];
  readonly roots?: readonly Issued[];
  readonly at?: Date;
}

const read = (issued: readonly Issued[]): readonly Certificate[] =>
  issued.map(({ der }) => readCertificate(der));

function path({ leaf, others = [], roots = [root], at = now }: Case): number {
  return findPath({
    leaf: readCertificate(leaf.der),
    intermediates: read(others),
    roots: read(roots),
    at,
    purpose: purposeOids.codeSigning,
  }).length;
}

test("a path leads over what came along to a root of the policy", () => {
  const low = middle.authority({ name: "low" });
  expect(path({ leaf: root.issue() })).toBe(2);
  expect(path({ leaf: low.issue(), others: [low, middle] })).toBe(4);
  expect(path({ leaf: low.issue(), others: [root, middle, low] })).toBe(4);
});

test("an authority below a root may be trusted by itself, and so may a leaf", () => {
  expect(path({ leaf: middle.issue(), roots: [middle] })).toBe(2);
  const self = createSelfSigned();
  expect(path({ leaf: self, roots: [self] })).toBe(1);
});

test("of two authorities of one name, the one that signed is found", () => {
  const namesake = root.authority();
  expect(path({ leaf: middle.issue(), others: [namesake, middle] })).toBe(3);
});

test("authorities that certify each other are no endless path", () => {
  const cross: Issuer[] = [root.authority({ name: "x" })];
  for (let i = 0; i < 20; i++) {
    const keys = cross[0];
    if (keys) cross.push(middle.authority({ name: "x", keys }));
  }
  const stranger = createRoot({ name: "stranger" });
  const first = cross[0];
  expect(() =>
    path({
      leaf: first?.issue() ?? stranger,
      others: cross,
      roots: [stranger],
    }),
  ).toThrow(/leads to no trusted root/);
});

const leafWith = (wish: CertificateWish): Case => ({ leaf: root.issue(wish) });
const below = (issuer: Issuer): Case => ({
  leaf: issuer.issue(),
  others: [issuer],
});
const authority = extensions.authority();

test.each<[string, Case]>([
  [
    "under no root of the policy",
    { leaf: createRoot({ name: "other" }).issue() },
  ],
  ["under a namesake of the root", { leaf: createRoot().issue() }],
  ["that is an authority (T26)", leafWith({ more: [authority] })],
  [
    "for servers (T26)",
    leafWith({ extensions: [extensions.purposes([purposeOids.serverAuth])] }),
  ],
  [
    "without a purpose (T26)",
    leafWith({ extensions: [extensions.keyUsage([0])] }),
  ],
  [
    "not for signatures (T26)",
    leafWith({
      extensions: [
        extensions.keyUsage([2]),
        extensions.purposes([purposeOids.codeSigning]),
      ],
    }),
  ],
  [
    "with an unknown critical extension (T26)",
    leafWith({ more: [extension("1.2.3", nothing(), true)] }),
  ],
  ["that is expired (T17)", leafWith({ validity: past })],
  ["that is not yet valid (T17)", { leaf: root.issue(), at: new Date(0) }],
  [
    "with SHA-1",
    leafWith({
      hash: "sha1",
      signatureAlgorithm: sequence(oid("1.2.840.10045.4.1")),
    }),
  ],
  [
    "under an expired authority (T17)",
    below(root.authority({ validity: past })),
  ],
  [
    "under what is no authority",
    below(root.authority({ extensions: [extensions.keyUsage([5])] })),
  ],
  [
    "under an authority that may not issue",
    below(
      root.authority({ extensions: [authority, extensions.keyUsage([6])] }),
    ),
  ],
  [
    "under an authority for servers",
    below(
      root.authority({ more: [extensions.purposes([purposeOids.serverAuth])] }),
    ),
  ],
  [
    "under an authority with an unknown critical extension",
    below(root.authority({ more: [extension("1.2.3", nothing(), true)] })),
  ],
  [
    "under an authority with name constraints",
    below(root.authority({ more: [extension("2.5.29.30", sequence())] })),
  ],
  [
    "under an authority signed with SHA-1",
    below(
      root.authority({
        hash: "sha1",
        signatureAlgorithm: sequence(oid("1.2.840.10045.4.1")),
      }),
    ),
  ],
])("a leaf %s is refused", (_, given) => {
  expect(() => path(given)).toThrow(
    expect.objectContaining({ code: "CERT_INVALID" }),
  );
});

test("an authority may allow none below it", () => {
  const strict = root.authority({ extensions: [extensions.authority(0)] });
  expect(path({ leaf: strict.issue(), others: [strict] })).toBe(3);
  const lower = strict.authority({ name: "lower" });
  expect(() => path({ leaf: lower.issue(), others: [strict, lower] })).toThrow(
    /allows 0 authorities below it/,
  );
});

test("more certificates than anybody needs are refused unread", () => {
  const others = Array.from({ length: 33 }, () => middle);
  expect(() => path({ leaf: middle.issue(), others })).toThrow(/more than 32/);
});

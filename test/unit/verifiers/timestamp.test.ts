import fc from "fast-check";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import { verifyTimestamp } from "../../../provider/verifiers/x509/timestamp";
import { Refusal } from "../../../provider/verifiers/refusal";
import { integer, nothing, primitive, sequence } from "../../samples/derWriter";
import {
  createRoot,
  extension,
  extensions,
  keysOf,
  purposeOids,
  type Issued,
} from "../../samples/pki";
import {
  asBer,
  attributes,
  responseWith,
  stamp,
  timestamper,
  type TokenWish,
} from "../../samples/timestampAuthority";

const signature = Buffer.from("a signature");
const root = createRoot();
const middle = root.authority();
const tsa = timestamper(middle);
const time = new Date(Math.floor(Date.now() / 1000) * 1000);
const certificate = ({ der }: Issued) => readCertificate(der);

function verify(token: Uint8Array, over: Uint8Array = signature) {
  return verifyTimestamp({
    token,
    signature: over,
    roots: [certificate(root)],
  });
}

const good = (wish: TokenWish = {}, by = tsa) =>
  stamp(by, signature, { time, others: [middle], ...wish });

test("a timestamp proves its moment, by the chain of its authority", () => {
  const { time: proven, lower, upper, chain } = verify(good());
  expect([proven, lower, upper]).toEqual([time, time, time]);
  expect(chain.map(({ der }) => der)).toEqual([tsa.der, middle.der, root.der]);
});

test.each<[string, Buffer]>([
  ["as a response", responseWith(good())],
  ["as a response with modifications", responseWith(good(), 1)],
  ["in BER", asBer(good())],
  ["by an RSA key", good({}, timestamper(middle, { key: "RSA-2048" }))],
  ["by a key of P-384", good({}, timestamper(middle, { key: "P-384" }))],
  [
    "over SHA-512",
    good({ imprint: { hash: "sha512", oid: "2.16.840.1.101.3.4.2.3" } }),
  ],
])("a timestamp counts %s", (_, token) => {
  expect(verify(token).time).toEqual(time);
});

test("fractions of any length and the authority's accuracy are heeded", () => {
  const accuracy = sequence(
    integer(2),
    primitive(0, Buffer.from([5])),
    primitive(1, Buffer.from([1])),
  );
  const {
    time: proven,
    lower,
    upper,
  } = verify(good({ fraction: ".1234567", accuracy }));
  expect(proven.getTime() - time.getTime()).toBe(123);
  expect(proven.getTime() - lower.getTime()).toBe(2006);
  expect(upper.getTime() - proven.getTime()).toBe(2006);
});

test("an authority under ETSI's baseline policy is accurate to a second where it does not say", () => {
  const { lower } = verify(good({ policy: "0.4.0.2023.1.1" }));
  expect(time.getTime() - lower.getTime()).toBe(1000);
});

const stranger = timestamper(createRoot({ name: "stranger" }));
const server = middle.issue({
  extensions: [
    extensions.purposes(
      [purposeOids.timeStamping, purposeOids.serverAuth],
      true,
    ),
  ],
});
const notCritical = middle.issue({
  extensions: [extensions.purposes([purposeOids.timeStamping])],
});
const expired = timestamper(middle, {
  validity: [new Date(0), new Date(1000)],
});

test.each<[string, Uint8Array]>([
  [
    "over other bytes",
    stamp(tsa, Buffer.from("other"), { time, others: [middle] }),
  ],
  ["by an authority that nobody trusts", stamp(stranger, signature, { time })],
  [
    "whose signed attribute names another certificate (CVE-2026-39984)",
    good({ named: tsa, others: [tsa, middle] }, stranger),
  ],
  [
    "whose named certificate did not sign",
    good({ named: tsa, identified: tsa, others: [tsa, middle] }, stranger),
  ],
  [
    "that names two certificates",
    good({ identified: stranger, others: [middle, stranger] }),
  ],
  ["whose named certificate is not in it", good({ named: middle, others: [] })],
  ["before its authority's certificate", good({ time: new Date(1000) })],
  ["after its authority's certificate", good({ time }, expired)],
  ["by an authority that also serves", good({}, server)],
  ["by an authority whose purpose is not critical", good({}, notCritical)],
  ["by an authority for code", good({}, middle.issue())],
  ["signed by another key", good({ signedBy: keysOf().privateKey })],
  [
    "without a signing certificate",
    good({ without: attributes.signingCertificateV2 }),
  ],
  ["without a digest", good({ without: attributes.messageDigest })],
  ["without a content type", good({ without: attributes.contentType })],
  ["that is something else", good({ contentType: "1.2.840.113549.1.7.1" })],
  [
    "with an unknown critical extension",
    good({ extensions: [extension("1.2.3", nothing(), true)] }),
  ],
  ["over SHA-1", good({ imprint: { hash: "sha1", oid: "1.3.14.3.2.26" } })],
  ["that was refused", responseWith(good(), 2)],
  ["without a token", sequence(sequence(integer(0)))],
  ["with bytes behind it", Buffer.concat([good(), Buffer.from([0])])],
  ["that is empty", Buffer.alloc(0)],
])("T16: a timestamp %s does not count", (_, token) => {
  expect(() => verify(token)).toThrow(
    expect.objectContaining({ code: "TIME_INVALID" }),
  );
});

test("a timestamp broken anywhere never counts, and throws nothing but a refusal", () => {
  const token = good();
  // what is not signed: the outer version, the digest algorithms, unsigned order
  fc.assert(
    fc.property(
      fc.nat({ max: token.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, change) => {
        const broken = Buffer.from(token);
        broken[at] = (broken[at] ?? 0) ^ change;
        try {
          expect(verify(broken).time).toEqual(time);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Refusal);
        }
      },
    ),
  );
});

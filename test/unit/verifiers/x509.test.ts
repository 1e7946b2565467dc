import { rootCertificates } from "node:tls";
import fc from "fast-check";
import {
  NotDer,
  partsOf,
  readDer,
} from "../../../provider/verifiers/x509/asn1";
import { derOf } from "../../../provider/verifiers/x509/ber";
import {
  readCertificate,
  readCertificates,
} from "../../../provider/verifiers/x509/certificate";
import {
  basicConstraintsOf,
  keyUsageOf,
  purposesOf,
} from "../../../provider/verifiers/x509/extensions";
import {
  isIssuedBy,
  isSelfSigned,
} from "../../../provider/verifiers/x509/issued";
import {
  alternativeNamesOf,
  attributesOf,
  subjectText,
} from "../../../provider/verifiers/x509/names";
import {
  bitsOf,
  integerOf,
  oidOf,
  timeOf,
} from "../../../provider/verifiers/x509/values";
import { Refusal } from "../../../provider/verifiers/refusal";
import { der, oid } from "../../samples/derWriter";
import {
  createRoot,
  createSelfSigned,
  extension,
  extensions,
  purposeOids,
} from "../../samples/pki";

const root = createRoot({
  name: [
    ["C", "DE"],
    ["O", "Acme, Inc."],
    ["CN", "root"],
  ],
});
const leaf = root.issue({
  name: [
    ["C", "US"],
    ["ST", "WA"],
    ["O", "acme"],
    ["CN", " a+b "],
  ],
  more: [extensions.uris("https://acme.example/app")],
});

test("a certificate says what node says of it", () => {
  const read = readCertificate(leaf.der);
  expect(read.serial).toBe(BigInt(leaf.serial));
  expect(read.notAfter).toEqual(read.x509.validToDate);
  expect(read.publicKey.equals(leaf.publicKey)).toBe(true);
  expect(keyUsageOf(read)).toEqual({
    critical: true,
    usages: new Set(["digitalSignature"]),
  });
  expect(purposesOf(read)?.purposes).toEqual([purposeOids.codeSigning]);
  expect(basicConstraintsOf(read)).toBeUndefined();
  expect(alternativeNamesOf(read)).toEqual(["https://acme.example/app"]);
});

test("an authority's constraints are read", () => {
  const read = readCertificate(
    root.authority({ extensions: [extensions.authority(2)] }).der,
  );
  expect(basicConstraintsOf(read)).toEqual({
    critical: true,
    isAuthority: true,
    pathLength: 2,
  });
  expect(keyUsageOf(read)).toBeUndefined();
});

test("every root that node ships can be read, and says the same", () => {
  for (const pem of rootCertificates) {
    const [read] = readCertificates(pem);
    expect(read?.x509.serialNumber.toLowerCase()).toBe(
      read?.serial.toString(16).padStart(read.x509.serialNumber.length, "0"),
    );
    expect(read && isSelfSigned(read)).toBe(true);
  }
});

test("a subject is written as RFC 4514 says", () => {
  expect(subjectText(readCertificate(root.der))).toBe(
    String.raw`CN=root,O=Acme\, Inc.,C=DE`,
  );
  const read = readCertificate(leaf.der);
  expect(subjectText(read)).toBe(String.raw`CN=\ a\+b\ ,O=acme,ST=WA,C=US`);
  expect(attributesOf(read.subjectDer)[0]?.[0]).toMatchObject({
    oid: "2.5.4.6",
    name: "C",
    text: "US",
  });
  const odd = root.issue({ name: [["1.2.3", "x"]] });
  expect(subjectText(readCertificate(odd.der))).toBe("1.2.3=#0c0178");
});

test("who issued is told by name and signature, also of a leaf that signed itself", () => {
  const [read, above] = [readCertificate(leaf.der), readCertificate(root.der)];
  expect(isIssuedBy(read, above)).toBe(true);
  expect(isIssuedBy(above, read)).toBe(false);
  const namesake = createRoot({
    name: [
      ["C", "DE"],
      ["O", "Acme, Inc."],
      ["CN", "root"],
    ],
  });
  expect(isIssuedBy(read, readCertificate(namesake.der))).toBe(false);
  const self = readCertificate(createSelfSigned().der);
  expect(isSelfSigned(self)).toBe(true);
  expect(self.x509.checkIssued(self.x509)).toBe(false); // why we do not ask node
});

test("several certificates stand in one PEM text, and nothing else", () => {
  expect(readCertificates(leaf.pem + root.pem)).toHaveLength(2);
  for (const text of ["", "not a certificate", `${leaf.pem}more`]) {
    expect(() => readCertificates(text)).toThrow(Refusal);
  }
});

test.each([
  ["an extension twice", { more: [extensions.keyUsage([0])] }, "CERT_INVALID"],
  [
    "a key usage that is no bit string",
    { extensions: [extension("2.5.29.15", oid("1.2"))] },
    "CERT_INVALID",
  ],
])("%s is refused", (_, wish, code) => {
  const read = () => keyUsageOf(readCertificate(root.issue(wish).der));
  expect(read).toThrow(expect.objectContaining({ code }));
});

test.each<[string, (der: Buffer) => Uint8Array]>([
  ["bytes behind it", (der) => Buffer.concat([der, Buffer.from([0])])],
  ["its last byte missing", (der) => der.subarray(0, -1)],
  [
    "an indefinite length",
    (der) =>
      Buffer.concat([
        Buffer.from([0x30, 0x80]),
        der.subarray(4),
        Buffer.from([0, 0]),
      ]),
  ],
  ["70 kB", () => Buffer.alloc(70_000, 0x30)],
  ["a bare key", () => leaf.publicKey.export({ type: "spki", format: "der" })],
])("a certificate with %s is malformed", (_, change) => {
  expect(() => readCertificate(change(leaf.der))).toThrow(
    expect.objectContaining({ code: "MALFORMED" }),
  );
});

test.each([
  "0201",
  "020200ff00",
  "0281017f",
  "02820001",
  "1f0100",
  "30800000",
  "0284",
])("%s is not one DER value", (hex) => {
  expect(() => readDer(Buffer.from(hex, "hex"))).toThrow(NotDer);
});

test.each<[string, unknown]>([
  ["0201ff", -1n],
  ["02020080", 128n],
  ["020100", 0n],
])("the number %s is %s", (hex, value) => {
  expect(integerOf(readDer(Buffer.from(hex, "hex")))).toBe(value);
});

test.each(["0200", "02020001", "0202ff80"])("%s is no number", (hex) => {
  expect(() => integerOf(readDer(Buffer.from(hex, "hex")))).toThrow(NotDer);
});

test("OIDs, bits and times are read strictly", () => {
  for (const text of ["2.5.29.15", "1.3.6.1.4.1.57264.1.8", "2.999.1"]) {
    expect(oidOf(readDer(derOid(text)))).toBe(text);
  }
  for (const hex of ["0600", "06022a80", "0603808001"]) {
    expect(() => oidOf(readDer(Buffer.from(hex, "hex")))).toThrow(NotDer);
  }
  expect(bitsOf(readDer(Buffer.from("030206c0", "hex")))).toEqual(
    new Set([0, 1]),
  );
  expect(() => bitsOf(readDer(Buffer.from("030109", "hex")))).toThrow(NotDer);
  const time = (tag: number, text: string): Date =>
    timeOf(
      readDer(
        Buffer.concat([Buffer.from([tag, text.length]), Buffer.from(text)]),
      ),
    );
  expect(time(0x17, "491231235959Z").getUTCFullYear()).toBe(2049);
  expect(time(0x17, "500101000000Z").getUTCFullYear()).toBe(1950);
  expect(time(0x18, "20260102030405.1234567Z").toISOString()).toBe(
    "2026-01-02T03:04:05.123Z",
  );
  for (const text of [
    "20260230000000Z",
    "20260102030405",
    "20260102030405+0100",
    "20260102030460Z",
  ]) {
    expect(() => time(0x18, text)).toThrow(NotDer);
  }
});

test("BER becomes DER, and DER stays as it is", () => {
  expect(derOf(leaf.der).equals(leaf.der)).toBe(true);
  const pieces = Buffer.from("30802404800401410401420000028101000000", "hex");
  expect(() => derOf(pieces)).toThrow(NotDer);
  const good = Buffer.from("308024800401410401420000028101000000", "hex");
  expect(derOf(good).toString("hex")).toBe("300704024142020100");
});

test("what is made to be costly is not read (T34)", () => {
  const start = performance.now();
  const crowd = der(0x30, Buffer.alloc(8_000_000, "0500", "hex"));
  expect(() => partsOf(readDer(crowd))).toThrow(/too many parts/);
  expect(() => derOf(crowd)).toThrow(/too large/);
  const long = Buffer.alloc(8_000_000, 0xff);
  expect(() => oidOf(readDer(der(0x06, long)))).toThrow(/very long/);
  expect(() => integerOf(readDer(der(0x02, Buffer.of(1), long)))).toThrow(
    /very long/,
  );
  const deep = Buffer.alloc(10_000, "3080", "hex");
  expect(() => derOf(deep)).toThrow(NotDer);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("whatever bytes come, the readers throw only what they say", () => {
  const known = (thrown: unknown): boolean =>
    thrown instanceof NotDer || thrown instanceof Refusal;
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat({ max: leaf.der.length - 1 }),
      (bytes, at) => {
        const broken = Buffer.from(leaf.der);
        broken.set(bytes.subarray(0, broken.length - at), at);
        for (const work of [
          () => derOf(bytes),
          () => readDer(bytes),
          () => {
            const read = readCertificate(broken);
            keyUsageOf(read);
            purposesOf(read);
            subjectText(read);
          },
        ]) {
          try {
            work();
          } catch (thrown) {
            expect(known(thrown)).toBe(true);
          }
        }
      },
    ),
  );
});

function derOid(text: string): Buffer {
  if (text !== "2.999.1") return oid(text);
  return Buffer.from("0603883701", "hex");
}

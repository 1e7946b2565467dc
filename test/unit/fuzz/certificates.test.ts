import fc from "fast-check";
import { parseDistinguishedName } from "../../../provider/verifiers/authorities/notation/distinguishedName";
import { statusByLists } from "../../../provider/verifiers/revocation/listStatus";
import { readOcspResponse } from "../../../provider/verifiers/revocation/ocspResponse";
import { readRevocationList } from "../../../provider/verifiers/revocation/revocationList";
import { NoStatus } from "../../../provider/verifiers/revocation/status";
import {
  membersOf,
  NotDer,
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
  purposes,
  purposesOf,
} from "../../../provider/verifiers/x509/extensions";
import {
  alternativeNamesOf,
  subjectText,
} from "../../../provider/verifiers/x509/names";
import { findPath } from "../../../provider/verifiers/x509/path";
import { verifyTimestamp } from "../../../provider/verifiers/x509/timestamp";
import { createRoot, extensions } from "../../samples/pki";
import { ocspResponse, revocationList } from "../../samples/revocation";
import {
  asBer,
  responseWith,
  stamp,
  timestamper,
} from "../../samples/timestampAuthority";
import { fuzz, inBytes, mutants, readOrRefused, refusals } from "./fuzzing";
import { inDer } from "./treeMutations";

const documented = [...refusals, NotDer, NoStatus];
const root = createRoot({ name: "root" });
const middle = root.authority({ name: "middle" });
const leaf = middle.issue({
  name: [
    ["C", "US"],
    ["O", "acme"],
    ["CN", "release"],
  ],
  more: [
    extensions.uris("https://acme.example/release"),
    extensions.ocsp("http://ocsp.example/"),
    extensions.crl("http://crl.example/list.crl"),
  ],
});
const trusted = [root, middle].map(({ der }) => readCertificate(der));
const [anchor, between] = trusted;
if (!anchor || !between) throw new Error("no authorities");

/** What the issuer has signed. */
const signedPart = (der: Uint8Array) => membersOf(readDer(der)).any().bytes;

test("a certificate is read whole or refused", async () => {
  const samples = [leaf.der, middle.der, root.der];
  await fuzz(mutants(samples, inDer, inBytes), async (document) => {
    await readOrRefused(() => {
      const read = readCertificate(document);
      for (const one of [keyUsageOf, basicConstraintsOf, purposesOf]) one(read);
      for (const one of [subjectText, alternativeNamesOf]) one(read);
      expect(read.der.equals(document)).toBe(true);
    }, documented);
  });
});

test("a path leads only to what an authority has signed", async () => {
  const certified = signedPart(leaf.der);
  await fuzz(mutants([leaf.der], inDer, inBytes), async (document) => {
    const path = await readOrRefused(
      () =>
        findPath({
          leaf: readCertificate(document),
          intermediates: [between],
          roots: [anchor],
          at: new Date(),
          purpose: purposes.codeSigning,
        }),
      documented,
    );
    if (path) expect(signedPart(document).equals(certified)).toBe(true);
  });
});

test("certificates in PEM are read or refused", async () => {
  const samples = [leaf.pem + middle.pem, root.pem].map((pem) =>
    Buffer.from(pem),
  );
  await fuzz(mutants(samples, inBytes), async (document) => {
    await readOrRefused(() => readCertificates(document.toString()));
  });
});

test("a timestamp proves its own time or none", async () => {
  const time = new Date(Math.floor(Date.now() / 1000) * 1000);
  const signature = Buffer.from("signature");
  const token = stamp(timestamper(root), signature, { time });
  const samples = [token, responseWith(token), asBer(token)];
  const roots = [anchor];
  await fuzz(mutants(samples, inDer, inBytes), async (document) => {
    const read = await readOrRefused(() =>
      verifyTimestamp({ token: document, signature, roots }),
    );
    if (read) expect(read.time).toEqual(time);
    const other = Buffer.from("another");
    const wrong = await readOrRefused(() =>
      verifyTimestamp({ token: document, signature: other, roots }),
    );
    expect(wrong).toBeUndefined();
  });
});

test("what a BER reader makes of bytes is DER, or nothing", async () => {
  const samples = [leaf.der, asBer(stamp(timestamper(root), leaf.der))];
  await fuzz(mutants(samples, inDer, inBytes), async (document) => {
    const der = await readOrRefused(() => derOf(document), documented);
    if (der) expect(derOf(der).equals(der)).toBe(true);
  });
});

describe.each(["good", "revoked"] as const)(
  "where the word is %s",
  (status) => {
    const now = new Date();
    const entries = status === "revoked" ? [{ serial: leaf.serial }] : [];
    const subject = { certificate: readCertificate(leaf.der), issuer: between };
    const stranger = {
      certificate: readCertificate(middle.issue().der),
      issuer: between,
    };

    test("a broken answer of a responder says the same or nothing", async () => {
      const samples = [ocspResponse(leaf, middle, { status })];
      await fuzz(mutants(samples, inDer, inBytes), async (document) => {
        const read = (about: typeof subject) =>
          readOrRefused(
            () => readOcspResponse(document, about, now).status.kind,
            documented,
          );
        expect([status, undefined]).toContain(await read(subject));
        expect(await read(stranger)).toBeUndefined();
      });
    });

    test("a broken list says the same or nothing", async () => {
      const samples = [revocationList(middle, { entries, number: 7 })];
      const said = [status, undefined, "nothing", "unknown"];
      await fuzz(mutants(samples, inDer, inBytes), async (document) => {
        const read = await readOrRefused(
          () =>
            statusByLists({ base: readRevocationList(document) }, subject, now)
              .status.kind,
          documented,
        );
        expect(said).toContain(read);
      });
    });
  },
);

test("a distinguished name has each attribute once, and at least three, or is refused", async () => {
  const parts = fc.constantFrom(
    "C=US",
    "ST=WA",
    "O=acme",
    "S=WA",
    "CN=a\\,b",
    "OU=\\41",
    'O="x,y"',
    "O=",
    "=",
    "#",
    "\\",
    "+",
    ",",
    ";",
    " ",
    "\\2",
    "ſ=",
    "\u0000",
  );
  const texts = fc.oneof(
    fc.array(parts, { maxLength: 8 }).map((list) => list.join(",")),
    fc.array(parts, { maxLength: 12 }).map((list) => list.join("")),
    fc.string({ unit: "binary" }),
  );
  await fuzz(texts, async (text) => {
    const name = await readOrRefused(
      () => parseDistinguishedName(text),
      [Error],
    );
    if (!name) return;
    const mandatory = ["C", "ST", "O"].map((type) => name.get(type) ?? "");
    expect(mandatory).not.toContain("");
  });
});
